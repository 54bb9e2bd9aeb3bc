// Texts of made-up words, as often as words are in any language: few very often, most hardly ever. The same in every run.
const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ')
const vocabulary = 20_000

const sums = Float64Array.from({ length: vocabulary })
for (let rank = 0, sum = 0; rank < vocabulary; rank += 1) {
  sum += 1 / (rank + 3)
  sums[rank] = sum
}

export function texts(seed: number) {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
  const word = (rarer = 0) => {
    const wanted = random() * (sums[vocabulary - 1] ?? 1)
    let [low, high] = [0, vocabulary - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return spelled(low + rarer)
  }
  return {
    turn: () => Array.from({ length: 12 + Math.floor(random() * 20) }, () => word()).join(' '),
    question: () => `What did ${Array.from({ length: 5 }, () => word(10)).join(' ')} do?`,
  }
}

function spelled(rank: number): string {
  let text = ''
  for (let rest = rank + syllables.length + 1; rest > 0; rest = Math.floor(rest / syllables.length)) text += syllables[rest % syllables.length]
  return text
}

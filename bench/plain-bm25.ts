// BM25 as textbooks have it: k1 1.2, b 0.75, words of letters and digits in lower case, every text looked at. Ours is held against it.
const k1 = 1.2
const b = 0.75

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** For a question, the numbers of all texts, the best first. */
export function plainBm25(texts: readonly string[]): (question: string) => number[] {
  const counts = texts.map((text) => {
    const words = new Map<string, number>()
    for (const word of wordsOf(text)) words.set(word, (words.get(word) ?? 0) + 1)
    return words
  })
  const lengths = texts.map((text) => wordsOf(text).length)
  const usual = lengths.reduce((sum, length) => sum + length, 0) / texts.length
  const among = new Map<string, number>()
  for (const words of counts) for (const word of words.keys()) among.set(word, (among.get(word) ?? 0) + 1)
  return (question) => {
    const asked = wordsOf(question)
    const scores = counts.map((words, at) => {
      const length = k1 * (1 - b + (b * (lengths[at] ?? 0)) / usual)
      let sum = 0
      for (const word of asked) {
        const count = words.get(word)
        if (count === undefined) continue
        const having = among.get(word) ?? 0
        sum += (Math.log(1 + (texts.length - having + 0.5) / (having + 0.5)) * count * (k1 + 1)) / (count + length)
      }
      return sum
    })
    return scores.map((_, at) => at).toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0))
  }
}

// What an attacker can bring about as often as he likes is told as a number now and then, or the log itself would be the damage.

/** Counts, and tells the sum at most every so often: a while after the first. */
export function toldSometimes(everyMs: number, tell: (count: number) => void): () => void {
  let count = 0
  return () => {
    count += 1
    if (count > 1) return
    setTimeout(() => {
      const sum = count
      count = 0
      tell(sum)
    }, everyMs).unref()
  }
}

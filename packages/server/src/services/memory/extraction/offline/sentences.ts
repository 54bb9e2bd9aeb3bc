// Text in sentences, of any script. What is no sentence (code, a table) stays one piece for each line.

/** Longer ones are no plain statements. */
const longestSentence = 1_000

export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?…])["”')\]]*\s+|(?<=[。！？])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 0 && sentence.length <= longestSentence)
}

const auxiliary = '(?:is|are|was|were|do|does|did|can|could|will|would|should|may|has|have)'

/** By its mark, or by the order of its words: "When I was young" and "Do not call me" are none. */
const asking = new RegExp(
  `[?？؟\\u037e]["”')\\]]*$|^(?:who|what|when|where|why|how|which)(?: (?!(?:i|you|we|he|she|they|it|there)\\b)\\w+)? ${auxiliary}\\b|^${auxiliary} (?:you|i|we|it|he|she|they|there|this|that|the|my|your|anybody|anyone)\\b`,
  'iu',
)

export const isQuestion = (sentence: string) => asking.test(sentence)

/** Letters and digits alone, so that two spellings of one sentence are equal. */
export const plainWords = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

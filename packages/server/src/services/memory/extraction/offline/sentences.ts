// Text in sentences, of any script. What is no sentence (code, a table) stays one piece for each line.

/** Longer ones are no plain statements. */
const longestSentence = 1_000

export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?…])["”')\]]*\s+|(?<=[。！？])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 0 && sentence.length <= longestSentence)
}

export const isQuestion = (sentence: string) =>
  /[?？؟;]["”')\]]*$/u.test(sentence) || /^(?:who|what|when|where|why|how|which|can|could|would|will|do|does|did|is|are|should)\s/i.test(sentence)

/** Letters and digits alone, so that two spellings of one sentence are equal. */
export const plainWords = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

// Numbers of documents that JavaScript's own cannot hold, such as 12345678901234567890 or 1e400: AWS's clients in other languages send
// them, and a document has to come back as it was given.

/** Whether any number could need more than the 15 digits or the range that are always kept. Texts may look like one: that costs time only. */
const suspicious = /[0-9]{16}|[0-9.]{17}|[0-9][eE][+-]?[0-9]{3}/

interface ExactJson {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  /** A value that JSON.stringify writes as this text. */
  rawJSON(text: string): unknown
}

const exactJson = JSON as unknown as ExactJson

/** The value of a text that is known to be JSON, with such numbers as they are written; `undefined` when it has none. */
export function exactlyParsed(text: string): unknown {
  if (!suspicious.test(text)) return undefined
  try {
    return exactJson.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && isLost(source, value) ? exactJson.rawJSON(source) : value,
    )
  } catch {
    // Something that no reader asks for is nested too deep for a second look. What is asked for has a bound of its own.
    return undefined
  }
}

function isLost(source: string, value: number): boolean {
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
  const isKept = digits.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '')
  return !isKept && String(value) !== source
}

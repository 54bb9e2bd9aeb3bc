// JSON that is text already, such as a stored document: it goes out as it is, and is not parsed and written again on its way.
import { randomUUID } from 'node:crypto'

/** Stands in an answer for the value that its text is. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toJSON(): string {
    texts.push(this.text)
    return placeholder
  }
}

/** As `JSON.stringify`, with each JsonText in its place. */
export function jsonOf(value: unknown): string {
  texts.length = 0
  const json = JSON.stringify(value)
  if (texts.length === 0) return json
  const parts: string[] = []
  let from = 0
  for (const text of texts) {
    const at = json.indexOf(quoted, from)
    parts.push(json.slice(from, at), text)
    from = at + quoted.length
  }
  parts.push(json.slice(from))
  texts.length = 0
  return parts.join('')
}

/** Nobody outside of this process can know it, and so nobody's data can hold it. */
const placeholder = `json-text:${randomUUID()}`
const quoted = JSON.stringify(placeholder)
/** Of the value that is being written: `JSON.stringify` asks one after another, in the order of the text, and waits for nothing. */
const texts: string[] = []

// The sentence in a record, whichever strategy wrote it; a record that a client wrote may be plain text.
import { plainText } from './xml.js'

export function statementIn(text: string): string {
  if (text.startsWith('<')) return plainText(text.replace(/<[^<>]*>/g, ' '))
  try {
    const { fact, preference } = JSON.parse(text) as { fact?: unknown; preference?: unknown }
    return String(fact ?? preference ?? text)
  } catch {
    return text
  }
}

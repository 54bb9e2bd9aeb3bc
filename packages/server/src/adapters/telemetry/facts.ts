// Facts on their way into a log: what could be a secret is taken out, what could forge a line or move a terminal's cursor is escaped.
import type { Facts } from '#ports/telemetry.js'

/** The last guard, not the first: callers keep secrets out themselves. Ids of keys may be shown, the keys may not. */
const secretName = /secret|password|passphrase|authorization|cookie|credential|apikey|api_key|privatekey|private_key|token$|signature$/i

const longestText = 2000

// Controls (C0, C1, DEL), line separators, and the marks that reorder text on screen.
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

export function safeFacts(facts: Facts): Record<string, string | number | boolean> {
  const safe: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue
    if (secretName.test(name)) safe[name] = '[redacted]'
    else safe[name] = typeof value === 'string' ? safeText(value) : value
  }
  return safe
}

/** One line of printable text, of bounded length. */
export function safeText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text
  return short.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

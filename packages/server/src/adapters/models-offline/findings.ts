// What a text holds that can become an argument. Each finder returns exactly what stands there, nothing made up.

export interface Finding {
  value: string
  start: number
  end: number
}

function all(text: string, pattern: RegExp): Finding[] {
  return [...text.matchAll(pattern)].map((match) => {
    const value = match.slice(1).find((group) => group !== undefined) ?? match[0]
    return { value: value.trim(), start: match.index, end: match.index + match[0].length }
  })
}

export const quoted = (text: string) => all(text, /"([^"]+)"|“([^”]+)”|`([^`]+)`|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu)
export const emails = (text: string) => all(text, /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)
export const urls = (text: string) => all(text, /https?:\/\/[^\s"'<>)\]]+[^\s"'<>)\].,;:!?]/g)
export const dates = (text: string) =>
  all(text, /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?\b|\b(?:today|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/gi)

/** Letters and digits mixed, as `ORD-1234`; or `#1234`. */
export const identifiers = (text: string) =>
  all(text, /#(\d+)\b|\b([A-Za-z][A-Za-z0-9]*[-_]?(?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]*\d[A-Za-z0-9]*)\b/g).filter(({ value }) => value.length <= 64)

/** Plain numbers, thousands separated or not; not the digits of a date or an identifier. */
export function numbers(text: string): (Finding & { number: number })[] {
  return all(text, /(?<![\w.,-])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w-]|[.,]\d)/g).map((found) => ({
    ...found,
    number: Number(found.value.replaceAll(',', '')),
  }))
}

const spoken: [RegExp, string][] = [
  [/\bmultiplied by\b|\btimes\b|[×]/gi, '*'],
  [/\bdivided by\b|\bover\b|[÷]/gi, '/'],
  [/\bplus\b/gi, '+'],
  [/\bminus\b/gi, '-'],
  [/\bto the power of\b/gi, '**'],
  [/(?<=\d)\s*x\s*(?=\d)/gi, ' * '],
]

/** `42 * 137`, `(1 + 2) / 3`, `6 times 7`: the first arithmetic expression, with signs for words. */
export function expression(text: string): string | undefined {
  const signs = spoken.reduce((sofar, [words, sign]) => sofar.replace(words, sign), text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, ' '))
  const found = /[-(]*\d[\d.,]*\)*(?:\s*(?:\*\*|[-+*/^%])\s*[-(]*\d[\d.,]*\)*)+/.exec(signs)?.[0]
  return found === undefined ? undefined : balanced(found.replace(/[.,]+$/, '').replace(/,(?=\d{3})/g, ''))
}

function balanced(text: string): string {
  const open = text.split('(').length - text.split(')').length
  if (open < 0) return text.slice(0, open)
  return open > 0 ? text.replace(new RegExp(`^\\({${open}}`), '') : text
}

/** The name after `called` or `named`. */
export function givenName(text: string): string | undefined {
  const after = /\b(?:called|named|titled|entitled|by the name of|name is|name it|call it)\s+/i.exec(text)
  if (!after) return undefined
  const rest = text.slice(after.index + after[0].length)
  const quote = quoted(rest)[0]
  if (quote?.start === 0) return quote.value
  return /^[\p{L}\p{N}_][\p{L}\p{N}_-]*/u.exec(rest)?.[0]
}

/** Words that begin with a capital in the middle of a sentence, or have one inside: `Paris`, `New York`, `GreeterBot`. */
export function properNames(text: string): Finding[] {
  return all(text, /(?<![\p{L}\p{N}_-])(\p{Lu}[\p{L}\p{N}_-]*(?:\s+\p{Lu}[\p{L}\p{N}_-]*)*)/gu).flatMap((found) => {
    const opensSentence = /(?:^|[.!?]\s*)$/.test(text.slice(0, found.start))
    if (!opensSentence || /^\S*\p{Ll}\p{Lu}/u.test(found.value)) return found.value === 'I' ? [] : [found]
    // The capital of the first word says nothing; those behind it do.
    const rest = found.value.replace(/^\S+\s*/, '')
    return rest === '' ? [] : [{ ...found, value: rest, start: found.end - rest.length }]
  })
}

/** The place after `in`, `at`, `for`: with a capital, or the last words of the request. */
export function place(text: string): string | undefined {
  const named = /\b(?:in|at|for|near|of|to|from)\s+(\p{Lu}[\p{L}'-]*(?:[ ]+\p{Lu}[\p{L}'-]*)*)/u.exec(text)?.[1]
  return named ?? /\b(?:in|at|near)\s+(?:the\s+)?(\p{L}[\p{L}' -]{1,40}?)\s*[?.!]*$/u.exec(text)?.[1] ?? properNames(text)[0]?.value
}

/** What the thing is for: the clause behind `that` or `which`, else behind `to` or `for` once the thing was named. */
export function purpose(text: string): { joint: string; clause: string } | undefined {
  const named = /\b(?:called|named|agent|assistant|bot)\b(.*)$/is.exec(text)?.[1] ?? text
  const found = /\b(that|which|who)\s+([^"]{2,}?)\s*[.!?]*$/is.exec(text) ?? /\b(to|for)\s+([^"]{2,}?)\s*[.!?]*$/is.exec(named)
  return found?.[1] && found[2] ? { joint: found[1].toLowerCase(), clause: found[2].replace(/[,.]?\s*\bplease\b.*$/is, '').trim() } : undefined
}

/** Every JSON object or array in the text that parses, outermost first. */
export function jsonValues(text: string): unknown[] {
  const values: unknown[] = []
  for (let start = 0, tries = 0; start < text.length && tries < 40; start += 1) {
    if (text[start] !== '{' && text[start] !== '[') continue
    tries += 1
    const end = closing(text, start)
    if (end === undefined) continue
    try {
      values.push(JSON.parse(text.slice(start, end)))
      start = end - 1
    } catch {
      // a brace in prose
    }
  }
  return values
}

function closing(text: string, start: number): number | undefined {
  let depth = 0
  let inText = false
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (inText && character === '\\') at += 1
    else if (character === '"') inText = !inText
    else if (!inText && (character === '{' || character === '[')) depth += 1
    else if (!inText && (character === '}' || character === ']')) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

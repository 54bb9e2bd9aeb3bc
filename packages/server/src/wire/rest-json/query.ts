import { invalid } from '#kernel/errors.js'

/** RFC 3986: a plus sign is a plus sign, as SigV4 signs it; keys may repeat. */
export function parseQuery(rawQuery: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>()
  if (rawQuery === '') return parameters
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const mark = part.indexOf('=')
    const name = decode(mark < 0 ? part : part.slice(0, mark))
    const value = mark < 0 ? '' : decode(part.slice(mark + 1))
    const values = parameters.get(name)
    if (values) values.push(value)
    else parameters.set(name, [value])
  }
  return parameters
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('query', 'has a malformed percent escape; escape names and values with UTF-8 percent-encoding')
  }
}

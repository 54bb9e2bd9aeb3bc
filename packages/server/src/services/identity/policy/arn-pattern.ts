// ARNs against patterns, segment by segment: a star in the account must not swallow the resource.
import { compilePattern, type Pattern } from './patterns.js'

const segments = 6

/** A pattern of fewer segments than an ARN has ends in a star that goes on over them, and is matched as one text. */
export function compileArnPattern(pattern: string, variables: boolean): Pattern {
  const parts = splitArn(pattern)
  if (pattern === '*' || parts.length < segments) return compilePattern(pattern, { variables })
  const compiled = parts.map((part) => compilePattern(part, { variables }))
  const isFixed = compiled.every((one) => one.isFixed)
  return {
    isFixed,
    isUnknown: (values) => compiled.some((one) => one.isUnknown(values)),
    matches(text, values) {
      const given = splitArn(text)
      return given.length === segments && compiled.every(({ matches }, index) => matches(given[index] ?? '', values))
    },
  }
}

/** The last one holds all that follows, colons too. A colon inside ${…} is the variable's own. */
function splitArn(text: string): string[] {
  const parts: string[] = []
  let [from, depth] = [0, 0]
  for (let at = 0; at < text.length && parts.length < segments - 1; at++) {
    const letter = text[at]
    if (letter === '$' && text[at + 1] === '{') depth++
    else if (letter === '}' && depth > 0) depth--
    else if (letter === ':' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

// What a text argument is about, by its name and description, and where in a request such a thing stands.
import { dates, emails, expression, givenName, identifiers, numbers, place, properNames, purpose, quoted, urls } from './findings.js'
import type { Request } from './values.js'
import { actsOf, isSilent, leadingVerb, wordsOf } from './words.js'

type Role = 'expression' | 'email' | 'url' | 'date' | 'systemPrompt' | 'purpose' | 'title' | 'place' | 'identifier' | 'name' | 'words' | 'unknown'

// The first line that matches the name decides; the description only where the name says nothing.
const roles: [Role, RegExp][] = [
  ['systemPrompt', /\b(?:system prompt|instructions?|persona)\b/],
  ['expression', /\b(?:expression|formula|equation|calculation|arithmetic)\b/],
  ['email', /\b(?:e ?mail|recipient|to)\b/],
  ['url', /\b(?:url|uri|link|website|web ?page)\b/],
  ['date', /\b(?:date|day|deadline|when)\b/],
  ['purpose', /\b(?:purpose|description|goal|role|behaviou?r)\b/],
  ['title', /\b(?:subject|title|headline)\b/],
  ['place', /\b(?:city|location|place|town|country|destination|origin|region|where)\b/],
  ['words', /\b(?:prompt|message|question|query|text|input|content|body|request|topic|search|task|note|keywords?|payload)\b/],
  ['name', /\b(?:name|agent|who|person|user)\b/],
  ['identifier', /\b(?:id|identifier|number|code|sku|reference|order|key)\b/],
]

export function roleOf(name: string, description: string): Role {
  const words = wordsOf(name).join(' ')
  const named = roles.find(([, pattern]) => pattern.test(words))
  return (
    (named ??
      roles.find(
        ([role, pattern]) => role !== 'name' && role !== 'words' && role !== 'email' && pattern.test(wordsOf(description).join(' ')),
      ))?.[0] ?? 'unknown'
  )
}

/** `isOnly`: no other text argument competes for the words of the request. */
export function readString(
  role: Role,
  name: string,
  request: Request,
  { isRequired, isOnly }: { isRequired: boolean; isOnly: boolean },
): string | undefined {
  const { text } = request
  const said = behindLabel(name, request)
  if (said !== undefined) return said
  switch (role) {
    case 'expression':
      return expression(text)
    case 'email':
      return emails(text)[0]?.value ?? (/^e-?mail/i.test(name) ? undefined : /\bto\s+(\p{Lu}[\p{L}\p{N}_-]*)/u.exec(text)?.[1])
    case 'url':
      return urls(text)[0]?.value
    case 'date':
      return dates(text)[0]?.value
    case 'systemPrompt':
      return systemPrompt(text)
    case 'purpose':
      return purpose(text)?.clause ?? nextQuoted(request) ?? (isRequired && !request.isCreation ? object(text) : undefined)
    case 'title':
      return nextQuoted(request) ?? (isRequired ? /\babout\s+(.+?)[.!?]*$/is.exec(text)?.[1] : undefined)
    case 'place':
      return place(text)
    case 'identifier':
      return identifiers(text)[0]?.value ?? (isRequired ? (numbers(text)[0]?.value ?? nextQuoted(request)) : undefined)
    case 'name':
      return agentName(request, isRequired)
    case 'words':
      return utterance(request, isRequired, isOnly)
    default:
      return isRequired
        ? (nextQuoted(request) ?? identifiers(text)[0]?.value ?? properNames(text)[0]?.value ?? (isOnly ? object(text) : undefined))
        : undefined
  }
}

/** `subject "Lunch"`, `priority: high`: the property's own name with its value behind it. */
function behindLabel(name: string, request: Request): string | undefined {
  const words = wordsOf(name)
  // `to "x"` and `name x` are ordinary language.
  if (words.length === 0 || words.join(' ') === 'to') return undefined
  const label = `(?<![\\p{L}\\p{N}])${words.join('[\\s_-]*')}`
  const quote = new RegExp(`${label}\\s*(?:is|=|:|of|as)?\\s*(?="|“|\`|')`, 'iu').exec(request.text)
  if (quote) {
    const found = quoted(request.text).find(({ start }) => start === quote.index + quote[0].length)
    if (found) {
      request.taken.add(found.start)
      return found.value
    }
  }
  return new RegExp(`${label}\\s*(?:=|:)\\s*([^\\s,;"]+)`, 'iu').exec(request.text)?.[1]?.replace(/[.!?]+$/, '')
}

function nextQuoted(request: Request): string | undefined {
  const named = givenName(request.text)
  const found = quoted(request.text).find(({ start, value }) => !request.taken.has(start) && value !== named)
  if (found) request.taken.add(found.start)
  return found?.value
}

/** What is still to be made has only the name that it is given; a capital elsewhere in the request means something else. */
function agentName(request: Request, isRequired: boolean): string | undefined {
  const names = properNames(request.text).map(({ value }) => value)
  const found = givenName(request.text) ?? (request.isCreation ? names.find((name) => /\p{Ll}\p{Lu}/u.test(name)) : names[0])
  if (found !== undefined || !isRequired) return found
  if (!request.isCreation) return identifiers(request.text)[0]?.value ?? nextQuoted(request)
  const clause = purpose(request.text)?.clause
  if (clause === undefined) return undefined
  const parts = wordsOf(clause)
    .filter((word) => !isSilent(word))
    .slice(0, 2)
  return `${parts.map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`).join('')}Agent`
}

function systemPrompt(text: string): string | undefined {
  const about = purpose(text)
  if (!about) return undefined
  const name = givenName(text)
  return `You are ${name === undefined ? '' : `${name}, `}an agent ${['to', 'for'].includes(about.joint) ? about.joint : 'that'} ${about.clause}.`
}

/** What is to be said or looked for: in quotes, behind the one it is for, behind a colon, behind `about`; else all of it. */
function utterance(request: Request, isRequired: boolean, isOnly: boolean): string | undefined {
  const { text } = request
  const saying = /\b(?:saying|says?|that says)\s*:?\s*["“]([^"”]+)["”]/i.exec(text)?.[1]
  if (saying) return saying
  const quote = nextQuoted(request)
  if (quote) return quote
  if (!isRequired) return undefined
  const directed =
    /^\W*(?:(?:please|can|could|you|now|then|and)\s+)*(?:ask|tell|invoke|call|try|test|run|get|have|let|prompt)\s+(?:the\s+)?(?:agent\s+)?["']?[\p{L}\p{N}_-]+["']?\s*(?:,|:)?\s*(?:to\s+|with\s+|about\s+)?(.+?)\s*$/isu.exec(
      text,
    )?.[1]
  if (directed && actsOf(leadingVerb(text) ?? '').length > 0 && !isOnly) return directed
  const behindColon = /:\s+(.+?)\s*$/s.exec(text)?.[1]
  return behindColon ?? /\b(?:about|for)\s+(.+?)\s*[.!?]*$/is.exec(text)?.[1] ?? (isOnly ? object(text) : text)
}

/** The request without the verb it starts with and the small words behind it. */
function object(text: string): string | undefined {
  const verb = leadingVerb(text)
  const behind = verb === undefined ? text : text.slice(text.toLowerCase().indexOf(verb) + verb.length)
  const words = behind
    .trim()
    .replace(/[.!?]+$/, '')
    .split(/\s+/)
  while (words[0] !== undefined && isSilent(words[0])) words.shift()
  return words.length > 0 ? words.join(' ') : undefined
}

// The canonical request of AWS Signature Version 4: the text that client and server must both arrive at.
import type { IncomingHttpHeaders } from 'node:http'

export interface CanonicalParts {
  method: string
  rawPath: string
  rawQuery: string
  signedHeaders: readonly string[]
  headers: IncomingHttpHeaders
  rawHeaders: readonly string[]
  /** In place of the received one: some clients sign the host without its port. */
  host: string
  payloadHash: string
  /** s3 signs the path as it was sent; every other service normalises it and encodes it once more. */
  pathAsSent: boolean
}

export function canonicalRequest(parts: CanonicalParts): string {
  const path = parts.pathAsSent ? parts.rawPath || '/' : canonicalPath(parts.rawPath)
  let text = `${parts.method}\n${path}\n${canonicalQuery(parts.rawQuery)}\n`
  for (const name of parts.signedHeaders) text += `${name}:${name === 'host' || name === ':authority' ? parts.host : canonicalHeader(name, parts)}\n`
  return `${text}\n${parts.signedHeaders.join(';')}\n${parts.payloadHash}`
}

function canonicalPath(rawPath: string): string {
  if (/^(?:\/[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)+\/?$/.test(rawPath)) return rawPath
  const segments: string[] = []
  for (const segment of rawPath.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encodeStrictly(segment))
  }
  const closing = segments.length > 0 && rawPath.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${closing}`
}

/** Decoded, encoded again by RFC 3986, sorted by name, then value; without the signature itself. */
function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return ''
  const pairs: { name: string; value: string }[] = []
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = recode(equals < 0 ? part : part.slice(0, equals))
    if (name.toLowerCase() === 'x-amz-signature') continue
    pairs.push({ name, value: equals < 0 ? '' : recode(part.slice(equals + 1)) })
  }
  if (pairs.length > 1) pairs.sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
  return pairs.map(({ name, value }) => `${name}=${value}`).join('&')
}

// Both are plain ASCII here, so code units order as bytes do.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function canonicalHeader(name: string, { headers, rawHeaders }: CanonicalParts): string {
  const joined = headers[name]
  if (joined === undefined) return ''
  // Node joins repeated headers by comma and space, signers by comma alone.
  const value = typeof joined === 'string' && !joined.includes(', ') ? joined : rawValues(name, rawHeaders).join(',')
  return /[\t\r\n]| {2}|^ | $/.test(value) ? value.replace(/[ \t\r\n]+/g, ' ').trim() : value
}

function rawValues(name: string, rawHeaders: readonly string[]): string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) values.push((rawHeaders[at + 1] ?? '').trim())
  }
  return values
}

function recode(text: string): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(text)) return text
  try {
    return encodeStrictly(decodeURIComponent(text.replaceAll('+', ' ')))
  } catch {
    // Not decodable: whoever signed it cannot have meant anything but these characters.
    return encodeStrictly(text)
  }
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}

// Page tokens carry the last key, never an offset, so that a page stays right when rows come and go.
import { invalid } from './errors.js'

export function encodePageToken(lastKey: string): string {
  return Buffer.from(JSON.stringify({ v: 1, after: lastKey })).toString('base64url')
}

/** Throws a ValidationException on `member` for anything that this server did not make. */
export function decodePageToken(token: string | undefined, member = 'nextToken'): string | undefined {
  if (token === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null && 'v' in parsed && parsed.v === 1 && 'after' in parsed && typeof parsed.after === 'string')
      return parsed.after
  } catch {
    // falls through to the one message
  }
  throw invalid(member, 'is not a token that a previous answer of this operation gave; start again without it')
}

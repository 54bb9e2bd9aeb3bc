// Page tokens that belong to one list: a token of another session, or of another filter, would lead to a place that means nothing here.
import { createHash } from 'node:crypto'
import { canonicalJson } from '#kernel/canonical-json.js'
import { invalid } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'

/** `list` says which one: the operation and all that it was asked by, but for the page. */
export function listToken(list: object, lastKey: string): string {
  return encodePageToken(`${markOf(list)}/${lastKey}`)
}

/** Throws a ValidationException on `nextToken` for a token that this list did not give. */
export function readListToken(list: object, token: string | undefined): string | undefined {
  const text = decodePageToken(token)
  if (text === undefined) return undefined
  const mark = `${markOf(list)}/`
  if (!text.startsWith(mark)) throw invalid('nextToken', 'belongs to another list; send it with the same parameters as the call that gave it')
  return text.slice(mark.length)
}

const markOf = (list: object) => createHash('sha256').update(canonicalJson(list)).digest('base64url').slice(0, 16)

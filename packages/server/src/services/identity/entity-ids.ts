// AWS's form of unique ids: four letters for the kind, then 17 of base 32.
import { createHash } from 'node:crypto'
import type { Ids } from '#kernel/ids.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Of a role that nobody made: the same role always has the same one. */
export function roleIdOf(roleArn: string): string {
  const digest = createHash('sha256').update(roleArn).digest()
  return `AROA${Array.from(digest.subarray(0, 17), (byte) => alphabet[byte % 32]).join('')}`
}

export function newId(kind: 'AROA' | 'AIDA' | 'ANPA', ids: Ids): string {
  const digest = createHash('sha256').update(ids.uuid()).digest()
  return `${kind}${Array.from(digest.subarray(0, 17), (byte) => alphabet[byte % 32]).join('')}`
}

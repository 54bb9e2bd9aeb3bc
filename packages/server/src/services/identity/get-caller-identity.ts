// sts GetCallerIdentity: needs no permission, since it says only what the caller's own signature has proved.
import { createHash } from 'node:crypto'
import type { Caller } from '#kernel/context.js'

export interface CallerIdentity {
  Account: string
  Arn: string
  UserId: string
}

export function getCallerIdentity({ account, principalArn, roleArn, kind }: Caller): CallerIdentity {
  return {
    Account: account,
    Arn: principalArn,
    UserId: kind === 'root' ? account : `${roleId(roleArn ?? principalArn)}:${principalArn.split('/').at(-1)}`,
  }
}

/** AWS's form of a role's unique id. The same role always has the same one. */
function roleId(roleArn: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const digest = createHash('sha256').update(roleArn).digest()
  return `AROA${Array.from(digest.subarray(0, 17), (byte) => alphabet[byte % 32]).join('')}`
}

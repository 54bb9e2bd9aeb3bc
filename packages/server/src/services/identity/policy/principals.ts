// Whether a caller is one of those that a policy on a resource names, and how closely.
import type { PolicyStatement, PrincipalPattern } from './document.js'

/** Who asks: a caller of the account, or an AWS service for somebody. */
export type Principal =
  | { kind: 'root' | 'user' | 'session'; account: string; principalArn: string; roleArn?: string }
  | { kind: 'service'; service: string }
  /** Whoever a bearer token speaks of: known to no policy by name. */
  | { kind: 'anybody' }

/**
 * `itself`: the user or the session by its own ARN. `role`: the role of a session, or everybody. `account`: its whole account, which
 * leaves the grant to the account's own policies.
 */
export type Closeness = 'itself' | 'role' | 'account'

export function closenessOf(principals: PolicyStatement['principals'], asking: Principal): Closeness | undefined {
  if (!principals) return 'itself'
  const found = principals.listed.map((pattern) => closeness(pattern, asking)).filter((one) => one !== undefined)
  if (!principals.not) return found.includes('itself') ? 'itself' : found.includes('role') ? 'role' : found[0]
  // Naming the account exempts nobody in it but the account itself.
  return found.some((one) => one !== 'account') ? undefined : 'role'
}

function closeness({ kind, value }: PrincipalPattern, asking: Principal): Closeness | undefined {
  if (kind === '*') return 'role'
  if (asking.kind === 'anybody') return undefined
  if (asking.kind === 'service') return kind === 'Service' && value === asking.service ? 'itself' : undefined
  if (kind !== 'AWS') return undefined
  if (value === asking.principalArn) return 'itself'
  if (value === asking.roleArn) return 'role'
  if (value === asking.account || value === `arn:aws:iam::${asking.account}:root`) return asking.kind === 'root' ? 'itself' : 'account'
  return undefined
}

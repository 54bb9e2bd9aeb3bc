// sts GetCallerIdentity: needs no permission, since it says only what the caller's own signature has proved.
import type { Caller } from '#kernel/context.js'
import { roleIdOf } from './entity-ids.js'

export interface CallerIdentity {
  Account: string
  Arn: string
  UserId: string
}

export function getCallerIdentity(caller: Caller, entityId?: string): CallerIdentity {
  return { Account: caller.account, Arn: caller.principalArn, UserId: userIdOf(caller, entityId) }
}

/** `entityId`: of the user or the role, where it is known here. */
export function userIdOf({ kind, account, principalArn, roleArn }: Caller, entityId: string | undefined): string {
  if (kind === 'root') return account
  if (kind === 'user') return entityId ?? principalArn
  return `${entityId ?? roleIdOf(roleArn ?? principalArn)}:${principalArn.split('/').at(-1)}`
}

// Workload access tokens: opaque to whoever holds one, and good for nothing but AgentCore's own APIs. What a token says stands
// sealed inside it, so that nothing is stored for it, and it outlives a restart.
import type { Clock } from '#kernel/clock.js'
import { PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Sealer } from '#ports/sealer.js'
import type { Reader } from '#ports/store.js'
import { workloadTokenMs } from './limits.js'
import { type WorkloadIdentityDocument, workloadIdentities } from './workload-identities.js'

/** On whose behalf the workload acts: an opaque id that its caller vouches for, or who a verified JWT says. */
export type WorkloadUser =
  | { userId: string }
  /** `userToken` is the JWT itself, which an exchange on behalf of the user sends on. */
  | { issuer: string; subject: string; userToken?: string }

export interface WorkloadClaims {
  workloadName: string
  /** Of the identity when the token was issued. */
  workloadId: string
  user?: WorkloadUser
  expiresAt: number
}

type Sealed = WorkloadClaims & Scope

const purpose = 'workload-access-token'

/** `identity` is what the token is for; without `user` it stands for the workload alone. */
export function issueWorkloadToken(
  { sealer, clock }: { sealer: Sealer; clock: Clock },
  { account, region }: Scope,
  { name, uniqueId }: Pick<WorkloadIdentityDocument, 'name' | 'uniqueId'>,
  user?: WorkloadUser,
): string {
  const claims: Sealed = { account, region, workloadName: name, workloadId: uniqueId, user, expiresAt: clock.now() + workloadTokenMs }
  return sealer.seal(JSON.stringify(claims), purpose)
}

/** Throws an UnauthorizedException for a token that was not issued here, has expired, or whose workload identity is gone. */
export async function readWorkloadToken(
  { sealer, clock, store }: { sealer: Sealer; clock: Clock; store: Reader },
  scope: Scope,
  token: string,
): Promise<WorkloadClaims & { identity: WorkloadIdentityDocument }> {
  const { account, region, ...claims } = opened(sealer, token)
  if (account !== scope.account || region !== scope.region)
    throw refused(`was issued for account ${account} in ${region}, not for ${scope.account} in ${scope.region}`)
  if (claims.expiresAt <= clock.now()) throw refused('has expired')
  const identity = await store.get(workloadIdentities, scope, claims.workloadName)
  if (identity?.uniqueId !== claims.workloadId) throw refused(`was issued to workload identity ${claims.workloadName}, which was deleted since`)
  return { ...claims, identity }
}

/** The same text for the same user, another for any other: an opaque id is never taken for a verified subject. */
export function userKey(user: WorkloadUser | undefined): string {
  if (!user) return ''
  return 'userId' in user ? JSON.stringify([user.userId]) : JSON.stringify([user.issuer, user.subject])
}

function opened(sealer: Sealer, token: string): Sealed {
  try {
    return JSON.parse(sealer.open(token, purpose)) as Sealed
  } catch (fault) {
    if (fault instanceof PortError) throw refused('is not one that this platform issued', fault)
    throw fault
  }
}

/** The token itself is never quoted: it is a secret. */
function refused(why: string, cause?: unknown): ServiceError {
  return new ServiceError('UnauthorizedException', `The workload access token ${why}. Get a new one with GetWorkloadAccessToken.`, { cause })
}

// The workload identity that each runtime has of its own: made and deleted with it, and the token by which its agent shows it.
import { hash } from 'node:crypto'
import type { Context } from '#kernel/context.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import {
  issueWorkloadToken,
  putWorkloadIdentity,
  type WorkloadIdentityDocument,
  type WorkloadUser,
  workloadIdentities,
  workloadIdentityArn,
} from '#services/identity/index.js'
import { runtimeArn, runtimes } from './documents.js'
import { tokenReusedMs, tokensKept, userTokenCharacters } from './limits.js'
import type { RuntimeWorld } from './ports.js'

/** AWS names it after the runtime's id. */
export async function giveIdentity(tx: Transaction, { clock, ids }: Pick<RuntimeWorld, 'clock' | 'ids'>, scope: Scope, agentRuntimeId: string) {
  await putWorkloadIdentity(tx, scope, { clock, ids }, { name: agentRuntimeId, linkedTo: runtimeArn(scope, agentRuntimeId) })
}

export const identityDetails = (scope: Scope, agentRuntimeId: string) => ({ workloadIdentityArn: workloadIdentityArn(scope, agentRuntimeId) })

/** Runtimes of before identities existed get theirs at a start. */
export async function giveMissingIdentities(world: Pick<RuntimeWorld, 'clock' | 'ids' | 'store'>): Promise<void> {
  for (const { id, ...scope } of await world.store.all(runtimes)) {
    if (await world.store.get(workloadIdentities, scope, id)) continue
    await world.store.transaction((tx) => giveIdentity(tx, world, scope, id))
  }
}

/** The headers by which an agent learns of itself, for one request. */
export type WorkloadHeaders = (ctx: Context, agentRuntimeId: string, userId: string | undefined) => Promise<Record<string, string>>

/**
 * developer guide, runtime-service-contract: the agent's token, under its first name and the one that newer SDKs read. It stands for
 * the user where the caller says who that is. One is handed out again for half an hour, as AWS does (release notes, March 2026).
 */
export function workloadHeaders({ store, sealer, clock }: Pick<RuntimeWorld, 'store' | 'sealer' | 'clock'>): WorkloadHeaders {
  const issued = new Map<string, { token: string; until: number }>()

  function tokenFor(ctx: Context, identity: WorkloadIdentityDocument, user: WorkloadUser | undefined): string {
    // By its hash: users' own tokens are not kept in memory.
    const name = hash('sha256', JSON.stringify([identity.uniqueId, user]))
    const before = issued.get(name)
    if (before && clock.now() < before.until) return before.token
    issued.delete(name)
    const oldest = issued.size >= tokensKept ? issued.keys().next().value : undefined
    if (oldest !== undefined) issued.delete(oldest)
    const token = issueWorkloadToken({ sealer, clock }, ctx, identity, user)
    issued.set(name, { token, until: clock.now() + tokenReusedMs })
    return token
  }

  return async (ctx, agentRuntimeId, userId): Promise<Record<string, string>> => {
    const identity = await store.get(workloadIdentities, ctx, agentRuntimeId)
    if (!identity) return {}
    const token = tokenFor(ctx, identity, userOf(ctx, userId))
    // Where a user's browser goes after a consent: SDKs send it with each request for a user's token. AWS does not say which of several.
    const [OAuth2CallbackUrl] = identity.allowedResourceOauth2ReturnUrls
    return { WorkloadAccessToken: token, 'X-Amz-Bedrock-AgentCore-Identity-WAT': token, ...(OAuth2CallbackUrl && { OAuth2CallbackUrl }) }
  }
}

/** developer guide, runtime-oauth: where a token was accepted, it says who the user is, and no header does. */
function userOf({ caller, headers }: Context, userId: string | undefined): WorkloadUser | undefined {
  if (caller.jwt) {
    const [, userToken] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
    // The agent gets it sealed, twice: a longer one would be more than its server takes in headers (Node: 16 KB), and the agent never asked.
    return { ...caller.jwt, ...(userToken && userToken.length <= userTokenCharacters && { userToken }) }
  }
  return userId === undefined ? undefined : { userId }
}

// How a refused InvokeAgentRuntime is told to a client that speaks the agent's own protocol.
import type { ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import { defaultEndpoint, type VersionDocument } from './documents.js'
import { findEndpoint, findRuntime, findVersion } from './find.js'
import { protocolOf, type Refusal, rpcRequest } from './protocols/index.js'
import { runtimeIdOf } from './target.js'

export interface RefusedInvocation {
  scope: Scope
  agentRuntimeArn: string
  qualifier: string | undefined
  /** The request's bytes, when they are in memory: the refusal carries the id that they hold. */
  payload: Buffer | undefined
}

/** `undefined`: AWS's own form is the answer. */
export async function refusalOf(store: Reader, error: ServiceError, refused: RefusedInvocation): Promise<Refusal | undefined> {
  const version = await calledVersion(store, refused)
  if (!version) return undefined
  const protocol = protocolOf(version)
  return protocol.refusal?.(error, rpcRequest(refused.payload).id)
}

/** An endpoint that is missing or serves nothing is a refusal too: the newest version says then what is spoken. */
async function calledVersion(store: Reader, { scope, agentRuntimeArn, qualifier }: RefusedInvocation): Promise<VersionDocument | undefined> {
  try {
    const agentRuntimeId = runtimeIdOf(scope, agentRuntimeArn, undefined)
    const { latestVersion } = await findRuntime(store, scope, agentRuntimeId)
    const endpoint = await findEndpoint(store, scope, agentRuntimeId, qualifier ?? defaultEndpoint).catch(() => undefined)
    return await findVersion(store, scope, agentRuntimeId, endpoint?.liveVersion ?? latestVersion)
  } catch {
    // No such runtime: nobody knows what it would have spoken.
    return undefined
  }
}

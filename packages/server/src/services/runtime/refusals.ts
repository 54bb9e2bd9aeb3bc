// How a refused InvokeAgentRuntime is told to a client that speaks the agent's own protocol.
import type { ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import { calledVersion, scopeOf } from './bearer-callers.js'
import { defaultEndpoint, type VersionDocument } from './documents.js'
import { protocolOf, type Refusal, rpcRequest } from './protocols/index.js'
import { runtimeIdOf } from './target.js'

export interface RefusedInvocation {
  /** Absent: the caller is not known, and the ARN says where the runtime is. */
  scope: Scope | undefined
  agentRuntimeArn: string
  qualifier: string | undefined
  /** The request's bytes, when they are in memory: the refusal carries the id that they hold. */
  payload: Buffer | undefined
}

/** `undefined`: AWS's own form is the answer. */
export async function refusalOf(store: Reader, error: ServiceError, refused: RefusedInvocation, home: Scope): Promise<Refusal | undefined> {
  const version = await spokenVersion(store, refused, home)
  if (!version) return undefined
  const protocol = protocolOf(version)
  return protocol.refusal?.(error, rpcRequest(refused.payload).id)
}

async function spokenVersion(
  store: Reader,
  { scope: given, agentRuntimeArn, qualifier }: RefusedInvocation,
  home: Scope,
): Promise<VersionDocument | undefined> {
  const scope = given ?? scopeOf(agentRuntimeArn, home)
  try {
    return await calledVersion(store, scope, runtimeIdOf(scope, agentRuntimeArn, undefined), qualifier ?? defaultEndpoint)
  } catch {
    // No such runtime: nobody knows what it would have spoken.
    return undefined
  }
}

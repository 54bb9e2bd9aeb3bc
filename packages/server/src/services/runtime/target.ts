// Which version of which runtime an invocation is for.
import { parseArn } from '#kernel/arn.js'
import type { Context } from '#kernel/context.js'
import { conflict, invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import { checkMethod } from './bearer-callers.js'
import { defaultEndpoint, type RuntimeDocument, runtimeArn, type VersionDocument } from './documents.js'
import { findEndpoint, findRuntime, findVersion } from './find.js'

export interface Target {
  runtime: RuntimeDocument
  version: VersionDocument
  arn: string
}

/** The label holds an ARN, or a bare id whose account is in the query. */
export function runtimeIdOf(ctx: Scope, label: string, accountId: string | undefined): string {
  if (accountId !== undefined && accountId !== ctx.account) throw notFound('Agent runtime', `${label} of account ${accountId}`)
  if (!label.startsWith('arn:')) return label
  const arn = parseArn(label)
  const [kind, id, ...rest] = arn?.resource.split('/') ?? []
  if (arn?.service !== 'bedrock-agentcore' || kind !== 'runtime' || !id || rest.length > 0) {
    throw invalid('agentRuntimeArn', `"${label}" is no agent runtime's ARN; it has the form arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID`)
  }
  // Policies know the resource by this ARN alone: under another partition it would be nobody's.
  if (arn.partition !== 'aws' || arn.account !== ctx.account || arn.region !== ctx.region) throw notFound('Agent runtime', label)
  return id
}

export async function findTarget(reader: Reader, ctx: Context, agentRuntimeId: string, qualifier = defaultEndpoint): Promise<Target> {
  const runtime = await findRuntime(reader, ctx, agentRuntimeId)
  if (runtime.deleting) throw notFound('Agent runtime', agentRuntimeId)
  const endpoint = await findEndpoint(reader, ctx, agentRuntimeId, qualifier)
  if (endpoint.liveVersion === undefined) {
    const why = endpoint.failureReason ? ` ${endpoint.failureReason}` : ' Wait until it is READY.'
    throw conflict(`Endpoint ${qualifier} of ${agentRuntimeId} is ${endpoint.status} and serves no version yet.${why}`)
  }
  const version = await findVersion(reader, ctx, agentRuntimeId, endpoint.liveVersion)
  checkMethod(ctx.caller, version)
  return { runtime, version, arn: runtimeArn(ctx, agentRuntimeId) }
}

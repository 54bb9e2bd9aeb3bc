// Finding what a call names, or the error that says what is missing.
import { invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import {
  type EndpointDocument,
  endpointId,
  endpoints,
  type RuntimeDocument,
  runtimes,
  type VersionDocument,
  versionId,
  versions,
} from './documents.js'

export async function findRuntime(reader: Reader, scope: Scope, agentRuntimeId: string): Promise<RuntimeDocument> {
  const runtime = await reader.get(runtimes, scope, agentRuntimeId)
  if (!runtime) throw notFound('Agent runtime', agentRuntimeId)
  return runtime
}

export async function findVersion(reader: Reader, scope: Scope, agentRuntimeId: string, version: number): Promise<VersionDocument> {
  const found = await reader.get(versions, scope, versionId(agentRuntimeId, version))
  if (!found) throw notFound('Agent runtime version', `${agentRuntimeId}:${version}`)
  return found
}

export async function findEndpoint(reader: Reader, scope: Scope, agentRuntimeId: string, name: string): Promise<EndpointDocument> {
  const found = await reader.get(endpoints, scope, endpointId(agentRuntimeId, name))
  if (!found) throw notFound('Agent runtime endpoint', `${agentRuntimeId}:${name}`)
  return found
}

export function parseVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw invalid('agentRuntimeVersion', `"${text.slice(0, 20)}" must be a version number from 1 to 99999`)
  return Number(text)
}

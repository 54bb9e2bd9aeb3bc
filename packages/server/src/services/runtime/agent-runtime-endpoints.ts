// Endpoints: named pointers to versions. DEFAULT follows the newest by itself; the others move only when told.
import type {
  CreateAgentRuntimeEndpointRequest,
  CreateAgentRuntimeEndpointResponse,
  DeleteAgentRuntimeEndpointRequest,
  DeleteAgentRuntimeEndpointResponse,
  GetAgentRuntimeEndpointRequest,
  GetAgentRuntimeEndpointResponse,
  ListAgentRuntimeEndpointsRequest,
  ListAgentRuntimeEndpointsResponse,
  UpdateAgentRuntimeEndpointRequest,
  UpdateAgentRuntimeEndpointResponse,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { conflict, invalid, quotaExceeded } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Transaction } from '#ports/store.js'
import { once } from '#services/idempotency/index.js'
import { putTags, removeTags } from '#services/tags/index.js'
import { childrenOf, defaultEndpoint, type EndpointDocument, endpointArn, endpointId, endpoints } from './documents.js'
import { findEndpoint, findRuntime, findVersion, parseVersion } from './find.js'
import { endpointsPerRuntime } from './limits.js'
import type { RuntimePorts } from './ports.js'
import { presentEndpoint } from './present.js'
import { endpointResourcesIn } from './resources.js'

export function agentRuntimeEndpoints({ store, clock, ids, pool, resourcePolicies }: RuntimePorts) {
  return {
    async CreateAgentRuntimeEndpoint(ctx: Context, input: CreateAgentRuntimeEndpointRequest): Promise<CreateAgentRuntimeEndpointResponse> {
      const { agentRuntimeId, name } = input
      const now = clock.now()
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'CreateAgentRuntimeEndpoint', input }, clock, async () => {
          const version = await readyVersion(tx, ctx, agentRuntimeId, input.agentRuntimeVersion)
          const existing = await tx.list(endpoints, ctx, { prefix: childrenOf(agentRuntimeId) })
          if (existing.some(({ document }) => document.name === name))
            throw conflict(`Endpoint ${name} of ${agentRuntimeId} exists already. Move it with UpdateAgentRuntimeEndpoint.`)
          if (existing.length >= endpointsPerRuntime)
            throw quotaExceeded(`${agentRuntimeId} has ${existing.length} endpoints, which is the limit. Delete one first.`)
          const endpoint: EndpointDocument = {
            name,
            id: ids.alphanumeric(10),
            description: input.description,
            status: 'READY',
            createdAt: now,
            lastUpdatedAt: now,
            liveVersion: version,
            targetVersion: version,
          }
          await tx.put(endpoints, ctx, endpointId(agentRuntimeId, name), endpoint)
          endpointResourcesIn(input.tags)
          await putTags(tx, ctx, endpointArn(ctx, agentRuntimeId, name), input.tags)
          const { agentRuntimeArn, agentRuntimeEndpointArn, status, createdAt } = presentEndpoint(ctx, agentRuntimeId, endpoint)
          return { agentRuntimeArn, agentRuntimeEndpointArn, agentRuntimeId, endpointName: name, status, createdAt, targetVersion: String(version) }
        }),
      )
      pool.review(ctx, input.agentRuntimeId)
      return output
    },

    async GetAgentRuntimeEndpoint(
      ctx: Context,
      { agentRuntimeId, endpointName }: GetAgentRuntimeEndpointRequest,
    ): Promise<GetAgentRuntimeEndpointResponse> {
      await findRuntime(store, ctx, agentRuntimeId)
      const endpoint = await findEndpoint(store, ctx, agentRuntimeId, endpointName)
      return { ...presentEndpoint(ctx, agentRuntimeId, endpoint), failureReason: endpoint.failureReason }
    },

    async UpdateAgentRuntimeEndpoint(ctx: Context, input: UpdateAgentRuntimeEndpointRequest): Promise<UpdateAgentRuntimeEndpointResponse> {
      const { agentRuntimeId, endpointName } = input
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'UpdateAgentRuntimeEndpoint', input }, clock, async () => {
          const endpoint = await findEndpoint(tx, ctx, agentRuntimeId, endpointName)
          if (endpointName === defaultEndpoint && input.agentRuntimeVersion !== undefined) {
            throw invalid('agentRuntimeVersion', 'the DEFAULT endpoint always serves the newest version; create a named endpoint to serve another')
          }
          const version =
            input.agentRuntimeVersion === undefined ? endpoint.targetVersion : await readyVersion(tx, ctx, agentRuntimeId, input.agentRuntimeVersion)
          const moved: EndpointDocument = {
            ...endpoint,
            description: input.description ?? endpoint.description,
            lastUpdatedAt: clock.now(),
            targetVersion: version,
            liveVersion: endpointName === defaultEndpoint ? endpoint.liveVersion : version,
          }
          await tx.put(endpoints, ctx, endpointId(agentRuntimeId, endpointName), moved)
          const { name: _name, id: _id, description: _description, ...answer } = presentEndpoint(ctx, agentRuntimeId, moved)
          return answer
        }),
      )
      pool.review(ctx, input.agentRuntimeId)
      return output
    },

    async ListAgentRuntimeEndpoints(ctx: Context, input: ListAgentRuntimeEndpointsRequest): Promise<ListAgentRuntimeEndpointsResponse> {
      const { agentRuntimeId, maxResults = 100, nextToken } = input
      await findRuntime(store, ctx, agentRuntimeId)
      const rows = await store.list(endpoints, ctx, { prefix: childrenOf(agentRuntimeId), after: decodePageToken(nextToken), limit: maxResults + 1 })
      const page = rows.slice(0, maxResults)
      return {
        runtimeEndpoints: page.map(({ document }) => presentEndpoint(ctx, agentRuntimeId, document)),
        nextToken: rows.length > maxResults ? encodePageToken(page.at(-1)?.id ?? '') : undefined,
      }
    },

    async DeleteAgentRuntimeEndpoint(ctx: Context, input: DeleteAgentRuntimeEndpointRequest): Promise<DeleteAgentRuntimeEndpointResponse> {
      const { agentRuntimeId, endpointName } = input
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'DeleteAgentRuntimeEndpoint', input }, clock, async () => {
          await findEndpoint(tx, ctx, agentRuntimeId, endpointName)
          if (endpointName === defaultEndpoint)
            throw conflict('The DEFAULT endpoint lives as long as its agent runtime. Delete the agent runtime instead.')
          await tx.delete(endpoints, ctx, endpointId(agentRuntimeId, endpointName))
          await removeTags(tx, ctx, endpointArn(ctx, agentRuntimeId, endpointName))
          await resourcePolicies.remove(tx, ctx, endpointArn(ctx, agentRuntimeId, endpointName))
          return { status: 'DELETING' as const, agentRuntimeId, endpointName }
        }),
      )
      resourcePolicies.forget(endpointArn(ctx, agentRuntimeId, endpointName))
      pool.review(ctx, input.agentRuntimeId)
      return output
    },
  }
}

/** The version to serve: the one named, or the newest that is ready. */
async function readyVersion(tx: Transaction, ctx: Context, agentRuntimeId: string, text: string | undefined): Promise<number> {
  const runtime = await findRuntime(tx, ctx, agentRuntimeId)
  if (runtime.deleting) throw conflict(`Agent runtime ${agentRuntimeId} is DELETING.`)
  const number = parseVersion(text) ?? runtime.latestVersion
  const version = await findVersion(tx, ctx, agentRuntimeId, number)
  if (version.status !== 'READY') throw conflict(`Version ${number} of ${agentRuntimeId} is ${version.status}. Only a READY version can be served.`)
  return number
}

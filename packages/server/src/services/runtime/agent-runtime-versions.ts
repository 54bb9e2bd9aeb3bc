// Versions: listed, and deleted one by one. They are made by create and update only.
import type {
  DeleteAgentRuntimeRequest,
  DeleteAgentRuntimeResponse,
  ListAgentRuntimeVersionsRequest,
  ListAgentRuntimeVersionsResponse,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { conflict } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import { once } from '#services/idempotency/index.js'
import { childrenOf, endpoints, versionId, versions } from './documents.js'
import { findRuntime, findVersion, parseVersion } from './find.js'
import type { RuntimePorts } from './ports.js'
import { presentSummary } from './present.js'

export function agentRuntimeVersions({ store }: RuntimePorts) {
  return {
    async ListAgentRuntimeVersions(ctx: Context, input: ListAgentRuntimeVersionsRequest): Promise<ListAgentRuntimeVersionsResponse> {
      const { agentRuntimeId, maxResults = 100, nextToken } = input
      const runtime = await findRuntime(store, ctx, agentRuntimeId)
      const rows = await store.list(versions, ctx, { prefix: childrenOf(agentRuntimeId), after: decodePageToken(nextToken), limit: maxResults + 1 })
      const page = rows.slice(0, maxResults)
      return {
        agentRuntimes: page.map(({ document }) => presentSummary(ctx, runtime, document)),
        nextToken: rows.length > maxResults ? encodePageToken(page.at(-1)?.id ?? '') : undefined,
      }
    },
  }
}

/** DeleteAgentRuntime with a version: refused while anything could still be sent to it. */
export async function deleteVersion(
  ports: RuntimePorts,
  ctx: Context,
  input: DeleteAgentRuntimeRequest,
  text: string,
): Promise<DeleteAgentRuntimeResponse> {
  const { store, sessions, provisioning, clock } = ports
  const { agentRuntimeId } = input
  const attempt = { operation: 'DeleteAgentRuntime', input }
  let released: string | undefined
  const number = parseVersion(text) ?? 0
  const output = await store.transaction((tx) =>
    once(tx, ctx, attempt, clock, async () => {
      const runtime = await findRuntime(tx, ctx, agentRuntimeId)
      const version = await findVersion(tx, ctx, agentRuntimeId, number)
      if (runtime.latestVersion === number)
        throw conflict(`Version ${number} of ${agentRuntimeId} is its newest version. Delete the agent runtime, or update it first.`)
      const user = (await tx.list(endpoints, ctx, { prefix: childrenOf(agentRuntimeId) })).find(
        ({ document }) => document.liveVersion === number || document.targetVersion === number,
      )
      if (user) throw conflict(`Version ${number} of ${agentRuntimeId} is served by endpoint ${user.document.name}. Move the endpoint first.`)
      if (sessions.runsVersion(agentRuntimeId, number))
        throw conflict(`A session of ${agentRuntimeId} still runs version ${number}. Stop it first, or wait until it ends.`)
      await tx.delete(versions, ctx, versionId(agentRuntimeId, number))
      released = version.codeSha256
      return { status: 'DELETING' as const, agentRuntimeId, agentRuntimeVersion: String(number) }
    }),
  )
  await provisioning.releaseCode(released)
  return output
}

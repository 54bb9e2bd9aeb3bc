// agents list | get | delete

import { setTimeout as pause } from 'node:timers/promises'
import type { PlatformClients } from '@agentworks/factory'
import { listRuntimes } from '@agentworks/sdk/agent-runtimes'
import {
  DeleteAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimeEndpointsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import { runningPlatform } from '#core/data-folder.js'
import { Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { removeJoinedRole } from '#core/joined-memories.js'
import { table } from '#core/output.js'
import { withProgress } from '#core/progress.js'
import { withPlatform } from '#core/with-platform.js'
import { instancesOf, instancesWords } from './instances.js'
import { pingWords, runningSessions } from './sessions.js'

export async function listAgents(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const agents = await withPlatform(invoked, (clients) => allAgents(clients))
  out.document(agents)
  if (agents.length === 0) return out.line(out.spell('nothing is deployed yet; ask the builder: agentworks chat'))
  const rows = agents.map(({ name, protocol, version, status, agentRuntimeId }) => [name, protocol, version, status, agentRuntimeId])
  for (const line of table(['NAME', 'PROTOCOL', 'VERSION', 'STATUS', 'ID'], rows)) out.line(line)
}

/** The list operation of AWS leaves the protocol out; each runtime is asked for it. */
async function allAgents({ control }: PlatformClients) {
  const runtimes = await listRuntimes(control)
  return Promise.all(
    runtimes.map(async ({ agentRuntimeId, agentRuntimeArn, name, version, status }) => {
      const runtime = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
      return { agentRuntimeId, agentRuntimeArn, name, protocol: runtime.protocolConfiguration?.serverProtocol ?? 'HTTP', version, status }
    }),
  )
}

export async function getAgent(invoked: Invoked, wanted: string): Promise<void> {
  const { out } = invoked
  await withPlatform(invoked, async (clients) => {
    const { agentRuntimeId } = await agentNamed(clients, wanted)
    const { $metadata: _, ...runtime } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    const { runtimeEndpoints = [] } = await clients.control.send(new ListAgentRuntimeEndpointsCommand({ agentRuntimeId }))
    const codeRuntime = runtime.agentRuntimeArtifact?.codeConfiguration?.runtime
    const language = codeRuntime?.startsWith('PYTHON') ? 'Python' : 'Node'
    const interpreter = await interpreterOf(invoked, codeRuntime)
    const image = await imageOf(invoked, runtime.agentRuntimeArtifact?.containerConfiguration?.containerUri)
    const sessions = await sessionsOf(invoked, agentRuntimeId)
    const instances = await instancesOf(invoked, runtime.agentRuntimeArn ?? '')
    out.document({ ...runtime, endpoints: runtimeEndpoints, interpreter, image, instances, sessions })
    for (const [key, value] of Object.entries(runtime)) {
      if (value !== undefined) out.line(`${key}: ${shown(value)}`)
    }
    for (const { name, liveVersion, status } of runtimeEndpoints) out.line(`endpoint ${name}: version ${liveVersion}, ${status}`)
    if (interpreter) out.line(`runs on: ${language} ${interpreter.version}${interpreter.exact ? '' : ' (not the version that the runtime names)'}`)
    if (image) out.line(`image: ${image.platform}, ${image.sizeBytes} bytes${image.fitForAws ? '' : '; AWS takes linux/arm64 only'}`)
    for (const line of instances ? instancesWords(instances) : []) out.line(line)
    for (const one of sessions ?? []) {
      out.line(
        `session ${one.runtimeSessionId}: version ${one.version}, ${one.state}, /ping ${pingWords(one)}, network: ${one.network ?? 'starting'}`,
      )
      if (one.networkOpen) out.line(`  open: ${one.networkOpen.join('; ')}`)
      if (one.networkInstead) out.line(`  less than its networkMode says: ${one.networkInstead.reason}. To mend it: ${one.networkInstead.fix}`)
    }
  })
}

/** Its live instances; known only to who owns the data folder. */
async function sessionsOf(invoked: Invoked, agentRuntimeId: string) {
  if (!(await runningPlatform(invoked.dataDir))) return undefined
  return (await runningSessions(invoked)).filter((session) => session.agentRuntimeId === agentRuntimeId)
}

/** What this host really runs the code with; known only to who owns the data folder. */
async function interpreterOf(invoked: Invoked, codeRuntime: string | undefined): Promise<{ version: string; exact: boolean } | undefined> {
  if (!codeRuntime || !(await runningPlatform(invoked.dataDir))) return undefined
  const found = await (await adminFetch(invoked, `interpreters/${codeRuntime}`)).json()
  return (found as { version: string; exact: boolean } | null) ?? undefined
}

/** What the local store has under the image's name by now; known only to who owns the data folder. */
async function imageOf(invoked: Invoked, containerUri: string | undefined) {
  if (!containerUri || !(await runningPlatform(invoked.dataDir))) return undefined
  const found = await (await adminFetch(invoked, `images/${encodeURIComponent(containerUri)}`)).json()
  return (found as { imageId: string; platform: string; sizeBytes: number; fitForAws: boolean } | null) ?? undefined
}

export async function deleteAgent(invoked: Invoked, wanted: string): Promise<void> {
  const { out, world } = invoked
  await withPlatform(invoked, async (clients) => {
    const { agentRuntimeId, name } = await agentNamed(clients, wanted)
    await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))
    await withProgress(world.stderr, `deleting ${name}`, () => waitUntilGone(clients, agentRuntimeId))
    await removeJoinedRole(invoked, name)
    out.document({ agentRuntimeId, name, status: 'DELETED' })
    out.line(`deleted ${name} (${agentRuntimeId})`)
    if (name === 'builder') out.note(out.spell('the factory is without its builder now; the next agentworks start installs it again'))
  })
}

async function waitUntilGone({ control }: PlatformClients, agentRuntimeId: string): Promise<void> {
  const deadline = performance.now() + 60_000
  for (;;) {
    try {
      const { status, failureReason } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
      if (performance.now() > deadline)
        throw new Failure(`${agentRuntimeId} is still ${status}`, { why: failureReason, fix: 'agentworks agents list' })
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return
      throw error
    }
    await pause(50)
  }
}

function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

// The runtime's door.

import { parseArn } from '#kernel/arn.js'
import type { ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { CodeRuntime } from '#ports/interpreters.js'
import type { Reader } from '#ports/store.js'
import type { WebSocketRoute } from '#ports/web-socket.js'
import { agentCards } from './agent-card.js'
import { agentRuntimeEndpoints } from './agent-runtime-endpoints.js'
import { agentRuntimeVersions } from './agent-runtime-versions.js'
import { agentRuntimes } from './agent-runtimes.js'
import { commands } from './commands.js'
import { endpointId, endpoints, runtimes } from './documents.js'
import { invocations } from './invoke.js'
import { localImages } from './local-images.js'
import type { RuntimePorts, RuntimeWorld } from './ports.js'
import { provisioning } from './provisioning.js'
import { type RefusedInvocation, refusalOf } from './refusals.js'
import { rememberOpened } from './remember-opened.js'
import { sessionVolumes } from './session-volumes.js'
import { sessions } from './sessions.js'
import { agentShells } from './shells.js'
import { agentWebSocket } from './web-socket.js'

export * as runtimeLimits from './limits.js'
export type { ImageView } from './local-images.js'
export type { RuntimeConfig, RuntimeWorld } from './ports.js'
export type { SessionView } from './sessions.js'

/** AWS allows itself as long for the teardown of a session. */
const longestStopMs = 15_000

export function runtime(given: RuntimeWorld) {
  const world = { ...given, sealer: rememberOpened(given.sealer) }
  const volumes = sessionVolumes(world)
  const running = sessions(world, volumes)
  const ports: RuntimePorts = { ...world, sessions: running, volumes, provisioning: provisioning(world, { sessions: running, volumes }) }
  return {
    operations: {
      ...agentRuntimes(ports),
      ...agentRuntimeVersions(ports),
      ...agentRuntimeEndpoints(ports),
      ...invocations(ports),
      ...commands(ports),
      ...agentCards(ports),
    },
    webSockets: [agentWebSocket(ports), agentShells(ports)] satisfies readonly WebSocketRoute[],
    /** In the words of the called agent's protocol, where that has its own. */
    refusalOf: (error: ServiceError, refused: RefusedInvocation) => refusalOf(world.store, error, refused),
    sessions: running,
    /** What would run code of that AWS runtime on this host. */
    async interpreterOf(codeRuntime: string): Promise<{ version: string; exact: boolean } | undefined> {
      const found = await world.interpreters.find(codeRuntime as CodeRuntime)
      return found && { version: found.version, exact: found.exact }
    },
    images: localImages(world.containers.images),
    /** Ends what an earlier process left, then takes up its unfinished work. */
    async recover() {
      await running.recover()
      await ports.provisioning.resume()
    },
    /** Resolves when nothing is being provisioned or deleted. */
    settled: () => ports.provisioning.settled(),
    /** Bounded: a session that resists must not keep the platform from ending; the next start ends what it left. */
    async stop() {
      volumes.stop()
      const all = running.stopAll(undefined, 'the platform stops').then(() => ports.provisioning.settled())
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, longestStopMs)
      await Promise.race([all, late])
      clearTimeout(timer)
    },
  }
}

/** Which taggable things are ours: runtimes and their endpoints. */
export async function ownsTaggable(reader: Reader, scope: Scope, arn: string): Promise<boolean> {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'bedrock-agentcore' || parsed.account !== scope.account || parsed.region !== scope.region) return false
  const [kind, id = '', subKind, name] = parsed.resource.split('/')
  if (kind !== 'runtime') return false
  if (subKind === undefined) return (await reader.get(runtimes, scope, id)) !== undefined
  return subKind === 'runtime-endpoint' && name !== undefined && (await reader.get(endpoints, scope, endpointId(id, name))) !== undefined
}

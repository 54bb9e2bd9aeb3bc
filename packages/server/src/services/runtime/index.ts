// The runtime's door.

import { parseArn } from '#kernel/arn.js'
import type { ServiceError } from '#kernel/errors.js'
import type { CodeRuntime } from '#ports/interpreters.js'
import type { WebSocketRoute } from '#ports/web-socket.js'
import { agentCards } from './agent-card.js'
import { agentRuntimeEndpoints } from './agent-runtime-endpoints.js'
import { agentRuntimeVersions } from './agent-runtime-versions.js'
import { agentRuntimes } from './agent-runtimes.js'
import { bearerCallers, protectedRuntime } from './bearer-callers.js'
import { commands } from './commands.js'
import { runtimes } from './documents.js'
import { governed } from './governed.js'
import { invocations } from './invoke.js'
import { localImages } from './local-images.js'
import type { RuntimePorts, RuntimeWorld } from './ports.js'
import { protectedResources } from './protected-resource.js'
import { provisioning } from './provisioning.js'
import { type RefusedInvocation, refusalOf } from './refusals.js'
import { rememberOpened } from './remember-opened.js'
import type { LiveSessions } from './session.js'
import { sessionVolumes } from './session-volumes.js'
import { sessions } from './sessions.js'
import { agentShells } from './shells.js'
import { taggable } from './taggable.js'
import { runtimeIdOf } from './target.js'
import { type InstancesView, warmPool } from './warm-pool.js'
import { agentWebSocket } from './web-socket.js'
import { giveMissingIdentities, workloadHeaders } from './workload-identity.js'

export * as runtimeLimits from './limits.js'
export type { ImageView } from './local-images.js'
export type { RuntimeConfig, RuntimeWorld } from './ports.js'
export type { MetadataCall, ProtectedResourceMetadata } from './protected-resource.js'
export type { SessionView } from './sessions.js'
export type { InstancesView } from './warm-pool.js'

/** AWS allows itself as long for the teardown of a session. */
const longestStopMs = 15_000

export function runtime(given: RuntimeWorld) {
  const world = { ...given, sealer: rememberOpened(given.sealer) }
  const volumes = sessionVolumes(world)
  const live: LiveSessions = new Map()
  const pool = warmPool(world, { volumes, live })
  const running = sessions(world, { volumes, pool, live })
  const ports: RuntimePorts = {
    ...world,
    sessions: running,
    volumes,
    pool,
    provisioning: provisioning(world, { sessions: running, volumes, pool }),
    workloadHeaders: workloadHeaders(world),
  }
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
    refusalOf: (error: ServiceError, refused: RefusedInvocation) => refusalOf(world.store, error, refused, world.config),
    /** Who carries a token in place of a signature. */
    bearers: bearerCallers({ ...world, home: world.config }),
    protectedResource: protectedResources({ ...world, home: world.config }),
    /** Every check that the called endpoint's JWT authorizer makes of a token. */
    async explainToken({ label, qualifier, token }: { label: string; qualifier: string | undefined; token: string }) {
      const called = await protectedRuntime(world.store, { label, qualifier, home: world.config })
      return called && world.jwtVerifier.explain(called.authorizer, token)
    },
    sessions: running,
    /** Runtimes and their endpoints: their tags say what sessions may use. */
    taggable: taggable(pool.review),
    /** The same, for their policies. */
    governed,
    /** What a runtime's sessions may use, and how many instances it has. */
    async instancesOf(agentRuntimeArn: string): Promise<InstancesView | undefined> {
      const scope = parseArn(agentRuntimeArn)
      const agentRuntimeId = scope && runtimeIdOf(scope, agentRuntimeArn, undefined)
      if (!agentRuntimeId || !(await world.store.get(runtimes, scope, agentRuntimeId))) return undefined
      return pool.view(scope, agentRuntimeId)
    },
    /** Starts what should wait for new sessions; once the platform has its URL. */
    openPool: () => pool.open(),
    /** What would run code of that AWS runtime on this host. */
    async interpreterOf(codeRuntime: string): Promise<{ version: string; exact: boolean } | undefined> {
      const found = await world.interpreters.find(codeRuntime as CodeRuntime)
      return found && { version: found.version, exact: found.exact }
    },
    images: localImages(world.containers.images),
    /** Ends what an earlier process left, then takes up its unfinished work. */
    async recover() {
      await giveMissingIdentities(world)
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

// From a session to a running instance whose agent answers.
import { PortError, ServiceError } from '#kernel/errors.js'
import { type AgentLink, AgentUnreachable } from '#ports/agent-link.js'
import type { Instance, InstanceExit, InstancePlace } from '#ports/sandbox.js'
import { noteToAgent } from './agent-note.js'
import { isImage } from './artifact.js'
import { exporterDefaults, nowhereNote } from './instrumentation.js'
import { type Launcher, launcherOf } from './launcher.js'
import { healthAfter, pingText } from './ping.js'
import type { RuntimeWorld } from './ports.js'
import { environmentOf } from './present.js'
import type { AgentProtocol } from './protocols/index.js'
import type { SessionVolumes } from './session-volumes.js'
import type { Session } from './sessions.js'
import type { Target } from './target.js'

export type BootWorld = RuntimeWorld & { volumes: SessionVolumes }

export interface BootedInstance {
  stop(graceMs: number): Promise<void>
  execute: Instance['execute']
  /** Resolves once the agent has answered anything on its port; rejects when it will not. */
  answered: Promise<AgentLink>
  /** Resolves when the instance is gone and its listener and keys are taken back. */
  released: Promise<void>
}

export async function bootInstance(world: BootWorld, session: Session, target: Target): Promise<BootedInstance> {
  const { accessKeys, openSessionListener, volumes } = world
  const launcher = launcherOf(world, target.version)
  const { sandbox } = launcher
  session.storage = await volumes.open(session, target.version)
  const place = await sandbox.prepare(session.instanceId, session.storage?.volume.id)
  let listener: { close(): Promise<void> } | undefined
  const takeBack = async () => {
    accessKeys.revoke(session.instanceId)
    await listener?.close()
  }
  try {
    listener = await openSessionListener(place.platformSocketPath, session.instanceId)
    noteToAgent(world, session, sandbox.notice)
    const instance = await startAgent(world, session, target, { launcher, place })
    session.reach = () => instance.reach
    session.standIn = () => instance.standIn?.()
    noteReach(world, session, target)
    const answered = firstAnswer(world, session, instance)
    // The caller hears of it, but perhaps only after it has ended what was stopped meanwhile.
    answered.catch(() => undefined)
    return {
      stop: (graceMs) => instance.stop(graceMs),
      execute: (spec) => instance.execute(spec),
      answered,
      released: instance.exited.then((exit) => {
        if (session.link && !session.ending.signal.aborted) {
          noteToAgent(world, session, exit.limit ? `The agent was ended: ${exit.limit}.` : `The agent ended by itself: ${howItEnded(exit)}.`)
          // Whoever waits for an answer hears why none comes.
          session.ending.abort(new Error(exit.limit ?? `the agent ended with ${howItEnded(exit)}`))
        }
        return takeBack()
      }),
    }
  } catch (fault) {
    await takeBack()
    await sandbox.discard(place)
    throw cannotStart(world, session, fault)
  }
}

async function startAgent(
  world: RuntimeWorld,
  session: Session,
  { runtime, version, arn }: Target,
  { launcher, place }: { launcher: Launcher; place: InstancePlace },
): Promise<Instance> {
  const { accessKeys, passing, sealer, agentLogs, clock } = world
  passing.takeRole({ roleArn: version.roleArn, sourceArn: arn, account: session.scope.account })
  const { authorizationToken } = accessKeys.lend({
    ...session.scope,
    roleArn: version.roleArn,
    agentRuntimeId: session.agentRuntimeId,
    runtimeSessionId: session.runtimeSessionId,
    instanceId: session.instanceId,
  })
  const platformUrl = launcher.sandbox.platformUrl(world.platformUrl())
  const { region } = session.scope
  const own = environmentOf(version, sealer)
  const telemetry = isImage(version.code) ? {} : exporterDefaults(version.code.entryPoint, own)
  if (telemetry.OTEL_TRACES_EXPORTER && !own.OTEL_TRACES_EXPORTER) noteToAgent(world, session, nowhereNote)
  return launcher.start({
    place,
    networkMode: version.networkMode ?? 'PUBLIC',
    vpc: version.vpc,
    limits: session.limits,
    port: session.protocol.port,
    env: {
      AWS_ENDPOINT_URL: platformUrl,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${platformUrl}/_session/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: authorizationToken,
      // Without it an SDK that lost its credentials waits for a metadata service that is not there.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...session.protocol.environment,
      DOCKER_CONTAINER: '1',
      // Told to others, in an agent card for one: the address of the platform, not the way to it from inside.
      AGENTCORE_RUNTIME_URL: `${world.platformUrl()}/runtimes/${encodeURIComponent(arn)}/invocations`,
      OTEL_RESOURCE_ATTRIBUTES: `cloud.resource_id=${arn},service.name=${runtime.agentRuntimeName}`,
      ...telemetry,
      ...own,
    },
    storage: session.storage,
    onOutput: (stream, line) =>
      agentLogs.append(session.agentRuntimeId, {
        at: clock.now(),
        runtimeSessionId: session.runtimeSessionId,
        version: version.version,
        stream,
        line,
      }),
  })
}

/** The agent is up when its port has answered; only what its first `/ping` says is special. */
async function firstAnswer(world: RuntimeWorld, session: Session, instance: Instance): Promise<AgentLink> {
  const deadline = AbortSignal.any([session.ending.signal, AbortSignal.timeout(world.config.startMs)])
  try {
    const { socketPath } = await instance.listening(deadline)
    const link = world.agentLink(socketPath)
    const { status, body } = await firstPing(world, session.protocol, link, deadline)
    session.health = healthAfter(session.health, status === 200 ? body : '', world.clock.now())
    if (status !== 200 && session.protocol.hasPing) {
      noteToAgent(
        world,
        session,
        `GET /ping was answered with ${status}. The agent counts as up and idle; work in the background needs a /ping that answers 200 with {"status":"HealthyBusy"}.`,
      )
    }
    return link
  } catch (fault) {
    throw cannotStart(world, session, fault)
  }
}

async function firstPing(
  { clock, config }: RuntimeWorld,
  { host }: AgentProtocol,
  link: AgentLink,
  deadline: AbortSignal,
): Promise<{ status: number; body: string }> {
  for (;;) {
    try {
      const response = await link.call({ method: 'GET', path: '/ping', headers: { host }, answerMs: config.startMs, signals: [deadline] })
      // The head says that the agent is up; a body that never ends must not keep its caller waiting.
      const cancel = clock.after(config.pingEveryMs, () => response.destroy())
      const body = await pingText(response).catch(() => '')
      cancel()
      return { status: response.statusCode, body }
    } catch (fault) {
      if (deadline.aborted || !(fault instanceof AgentUnreachable) || fault.kind === 'silent') throw fault
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

function cannotStart(world: RuntimeWorld, session: Session, fault: unknown): ServiceError {
  if (fault instanceof ServiceError) return fault
  const why =
    fault instanceof PortError && fault.code === 'exited'
      ? fault.message
      : session.ending.signal.aborted
        ? 'the session was stopped before its agent answered'
        : fault instanceof PortError
          ? fault.message
          : `nothing answered on port ${session.protocol.port} within ${world.config.startMs / 1000} s`
  noteToAgent(world, session, `The agent did not start: ${why}.`)
  return new ServiceError(
    'RuntimeClientError',
    `The agent of ${session.agentRuntimeId} did not start: ${why}. Its output is in \`agentworks logs ${session.agentRuntimeId}\`.`,
    { cause: fault },
  )
}

/** Where the network reaches less far than its mode says. A level without any boundary says so in its notice. */
export function noteReach(world: RuntimeWorld, session: Session, { version: { networkMode = 'PUBLIC' } }: Target): void {
  const { to, instead } = session.reach?.() ?? {}
  if (instead && to !== 'host')
    noteToAgent(world, session, `The network is not what networkMode ${networkMode} says: ${instead.reason}. To mend it: ${instead.fix}.`)
}

const howItEnded = ({ code, signal }: InstanceExit) => (signal ? `signal ${signal}` : `exit code ${code}`)

// Level bubblewrap: each agent in namespaces of its own, without capabilities, on a read-only view of the host.
import { type StdioOptions, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { guestPrograms } from '@agentworks/guest'
import { type ControlGroup, type ControlGroups, controlGroups } from '#adapters/cgroups/control-groups.js'
import type { Egress } from '#adapters/egress/egress.js'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { type InstanceNetwork, networkOf } from '#adapters/egress/instance-network.js'
import { agentProcess, cannotStart, watchChild } from '#adapters/sandbox/agent-process.js'
import { agentSocket, standInSocket } from '#adapters/sandbox/agent-socket.js'
import { executions } from '#adapters/sandbox/executions.js'
import { type Place, places } from '#adapters/sandbox/places.js'
import { endExactly, identify, isRunning, type ProcessIdentity, signal } from '#adapters/sandbox/process-identity.js'
import { writeReadable } from '#adapters/sandbox/readable.js'
import { sessionUsers } from '#adapters/sandbox/session-user.js'
import { terminalLibrary } from '#adapters/sandbox/terminal-library.js'
import { insideHostPattern } from '#kernel/aws-hosts.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { CodeProgram, InstanceExit, InstanceSpec, Sandbox } from '#ports/sandbox.js'
import { bubblewrapAvailable, dropFailure } from './availability.js'
import { forwarderDemand, wishFile } from './forwarder-demand.js'
import { interpreterPaths, systemBinds } from './host-layout.js'
import { covered, inheritedDescriptors } from './inherited.js'
import { probeBubblewrap } from './probe.js'
import {
  environmentArguments,
  inside,
  launchCommand,
  launcherWords,
  platformPort,
  profile,
  type ReadOnlyBind,
  type SandboxSizes,
  sandboxSizes,
} from './profile.js'
import { openServicePort } from './service-port.js'
import { limitThatEnded, missingLimits, processesOfUser, putUnderLimits } from './session-limits.js'
import { asUser, openToOthers, stage } from './staging.js'
import { stageStorage } from './storage.js'
import { agentProcessId, firstProcess, startsNaming } from './supervisor.js'
import { systemCallFilter } from './system-calls.js'
import { withTrust } from './trust-variables.js'

export interface BubblewrapOptions {
  /** Short (sockets lie in it), the same for each start on one data folder, used by nobody else. Made when missing. */
  runtimeDir: string
  clock: Clock
  ids: Ids
  sizes?: SandboxSizes
  /** Those that this host gives, when left out. */
  groups?: ControlGroups
  /** The way out that it shares with level container; whoever gives one closes it. */
  egress?: Egress
  /** Path of the authorities that sessions trust. Without it they know nothing of AWS's host names, nor of TLS with the platform. */
  trust?: () => Promise<string>
}

const fds = { args: 3, status: 4, go: 5, filter: 6 } as const

export function bubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  const { runtimeDir, clock, ids, sizes = sandboxSizes, groups = controlGroups(runtimeDir), egress: wayOut = hostEgress({ clock, ids }) } = options
  const instances = places(runtimeDir, 'b')
  const users = new Map<string, number>()
  let known: Promise<Host> | undefined
  const host = () => {
    known ??= lookAtHost(options)
    return known
  }

  const remove = async (instanceId: string) => {
    users.delete(instanceId)
    await instances.remove(instanceId)
  }

  const startWithin = async (bounds: SandboxSizes, spec: InstanceSpec) => {
    const { instanceId } = spec.place
    const setting = { place: instances.at(instanceId), user: users.get(instanceId), sizes: bounds, clock }
    const group = await groups.make(instanceId, spec.limits)
    let network: InstanceNetwork | undefined
    try {
      network = await networkOf(spec, wayOut)
      const running = await launch(spec, await host(), { ...setting, group, network, processes: processesOfUser(groups, group.limits) })
      const { ended } = network
      const removePlace = async () => {
        await ended()
        await group.remove()
        await remove(instanceId)
      }
      return agentProcess({ ...running, removePlace })
    } catch (fault) {
      await network?.ended()
      await group.remove()
      return cannotStart(fault)
    }
  }

  const sandbox: Sandbox = {
    level: 'bubblewrap',
    notice: noticeOf(missingLimits(groups)),
    platformUrl: () => `http://127.0.0.1:${platformPort}`,

    takesStorage: true,

    async prepare(instanceId, volumeId) {
      groups.warm()
      const user = (await host()).nextUser(volumeId)
      const place = await instances.make(instanceId, user)
      if (user !== undefined) users.set(instanceId, user)
      return { instanceId, platformSocketPath: place.platformSocketPath }
    },

    start: (spec) => startWithin(sizes, spec),

    discard: ({ instanceId }) => remove(instanceId),

    async endOrphans() {
      const ended: string[] = []
      await groups.removeStale()
      for (const instanceId of await instances.stale()) {
        if (await endLeftovers(instances.at(instanceId))) ended.push(instanceId)
        await instances.remove(instanceId)
      }
      return ended
    },

    async probe() {
      const found = await bubblewrapAvailable()
      if (!found.ok) return [{ name: 'bubblewrap works', holds: false, detail: found.reason, fix: found.fix }]
      const small = { ...sandbox, start: (spec: InstanceSpec) => startWithin({ ...sizes, tmpBytes: 1 << 20 }, spec) }
      return probeBubblewrap(small, {
        ids,
        userReason: (await host()).userReason,
        missingLimits: missingLimits(groups),
        missingEgress: await wayOut.missing(),
      })
    },

    // Whatever is wrong is told by each session and by `probe`.
    warm: async () => void (await wayOut.missing().catch(() => {})),
    close: async () => {
      if (!options.egress) await wayOut.close()
    },
  }
  return sandbox
}

function noticeOf(missing: ControlGroups['missing']): string {
  const reach = 'the session reaches the platform, and with networkMode PUBLIC the internet.'
  if (missing.length === 0) return `Isolation bubblewrap: ${reach}`
  return `Isolation bubblewrap, without limits of ${missing.map(({ controller }) => controller).join(', ')} (\`agentworks doctor\` tells why): ${reach}`
}

interface Host {
  bwrap: string
  system: string[]
  nextUser(seed?: string): number | undefined
  userReason: string | undefined
  /** Whether AWS's host names mean the platform inside. */
  isTrusting: boolean
  /** Of system calls. */
  filter: Buffer | undefined
  /** What the sandbox's command gets beyond the pipes. */
  covers: (number | 'ignore')[]
}

async function lookAtHost({ runtimeDir, ids, trust }: BubblewrapOptions): Promise<Host> {
  const found = await bubblewrapAvailable()
  if (!found.ok) throw new PortError('sandbox', 'cannot-start', `${found.reason}; to mend it: ${found.fix}`)
  const trusted = trust && (await readFile(await trust(), 'utf8'))
  const system = await systemBinds(join(runtimeDir, 'etc'), trusted)
  const users = await sessionUsers(ids)
  const first = users.next()
  const failure = first === undefined ? users.reason : await dropFailure(found.path, first)
  const filter = systemCallFilter(process.arch, await readFile('/proc/self/status', 'utf8'))
  const inherited = await inheritedDescriptors()
  const beyond = Math.max(...Object.values(fds)) + 1
  const covers = inherited.some((fd) => fd >= beyond) ? covered(inherited, beyond, openSync('/dev/null', 'r')) : []
  const nextUser = failure === undefined ? users.next : () => undefined
  return { bwrap: found.path, system, isTrusting: trusted !== undefined, filter, covers, nextUser, userReason: failure }
}

interface Setting {
  place: Place
  user: number | undefined
  sizes: SandboxSizes
  group: ControlGroup
  processes: number | undefined
  network: InstanceNetwork
  clock: Clock
}

async function launch(spec: InstanceSpec, host: Host, { place, user, sizes, group, processes, network, clock }: Setting) {
  const { program: code, port } = spec
  const env = environmentOf(spec, host.isTrusting)
  const environment = environmentArguments(env)
  const [binds] = await Promise.all([
    readOnlyBinds(code, place),
    writePreload(place, port, host.isTrusting),
    chmod(place.platformSocketPath, 0o666).catch(() => {}),
  ])
  if (user !== undefined) await openToOthers(code.codeDir)
  const { mounts, readOnly } = user === undefined ? { mounts: [], readOnly: binds } : await stage(binds, place.dir)
  const storage = await stageStorage(spec.storage, place.dir, user)
  const preload = code.language === 'node' ? ['--require', `${inside.platform}/preload.cjs`] : []
  const command = launchCommand({ nodePath: process.execPath, port, processes, command: [code.interpreter, ...preload, ...code.args] })
  const bubblewrap = [
    host.bwrap,
    ...profile({
      system: host.system,
      readOnly,
      writable: storage.writable,
      agentDir: place.agentDir,
      sizes,
      networkIsMade: network.enter !== undefined,
      argsFd: fds.args,
      statusFd: fds.status,
      goFd: fds.go,
      filterFd: host.filter && fds.filter,
    }),
    '--',
    ...command,
  ]
  const joined = asUser({ user, mounts: [...mounts, ...storage.mounts], folders: storage.folders }, bubblewrap)
  const [program = host.bwrap, ...args] = [...(network.enter ?? []), ...joined]

  const socket = agentSocket(place)
  const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...host.covers]
  // An empty environment for bubblewrap itself: the agent can read it as that of process 1.
  // Detached: Ctrl-C in the platform's terminal is for the platform, which then stops its sessions in order.
  const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio })
  const lastWords: string[] = []
  const exit = watchChild(child, clock, (stream, line) => {
    if (lastWords.length < 20) lastWords.push(line)
    spec.onOutput(stream, line)
  })
  child.on('error', (error) => lastWords.push(error.message))
  child.stdin?.on('error', () => {})
  const ask = (word: string) => void (child.stdin?.writable && child.stdin.write(`${word}\n`))
  const [, , , argsPipe, statusPipe, goPipe, filterPipe]: readonly unknown[] = child.stdio
  if (!(argsPipe instanceof Writable && statusPipe instanceof Readable && goPipe instanceof Writable && filterPipe instanceof Writable))
    throw new PortError('sandbox', 'cannot-start', 'no pipes to bubblewrap')
  for (const pipe of [argsPipe, goPipe, filterPipe]) pipe.on('error', () => {})
  filterPipe.end(host.filter)
  argsPipe.end(environment)

  const firstPid = await firstProcess(child, statusPipe)
  await network.started()
  const first = firstPid === undefined ? undefined : await identify(firstPid)
  if (firstPid === undefined) {
    socket.close()
    throw new PortError('sandbox', 'cannot-start', `bubblewrap did not start: ${lastWords.join('; ')}`)
  }
  if (first) await writeFile(recordPath(place), JSON.stringify(first)).catch(() => {})
  await putUnderLimits(group, firstPid).catch(async (fault: unknown) => {
    if (first) await endExactly(first)
    socket.close()
    throw fault
  })
  let opened: Promise<void> | undefined
  const forward = () => {
    opened ??= network.enter || !host.isTrusting ? Promise.resolve() : openServicePort(firstPid)
    void opened.then(() => ask(launcherWords.forwarder))
  }
  // Python knows only the network.
  const demand = code.language === 'node' ? forwarderDemand({ place, port, clock, firstPid, start: forward }) : undefined
  if (!demand) forward()
  goPipe.end('\n')

  return {
    isolation: 'bubblewrap' as const,
    pid: firstPid,
    reach: network.reach,
    child,
    exit,
    socket: {
      ...socket,
      async accepting(signal: AbortSignal) {
        const path = await socket.accepting(signal)
        demand?.found()
        return path
      },
      close() {
        demand?.close()
        socket.close()
      },
    },
    executions: executions({
      place,
      clock,
      env: { TZ: 'UTC', ...env },
      cwd: inside.code,
      startGuest() {
        demand?.need()
        // Once more: the wish for it may have come when the session had no room for a process.
        forward()
        ask(launcherWords.executions)
      },
    }),
    clock,
    async askToEnd() {
      const agent = await agentProcessId(firstPid)
      if (agent !== undefined) signal(agent, 'SIGTERM')
    },
    async endTree() {
      if (first) await endExactly(first)
    },
    async treeEnded() {
      while (first && (await isRunning(first))) await delay(1)
    },
    limitReached: (exit: InstanceExit) => limitThatEnded(group, exit),
  }
}

function environmentOf({ env, program: { interpreter, language } }: InstanceSpec, isTrusting: boolean): Record<string, string> {
  const programs = interpreter.slice(0, interpreter.lastIndexOf('/'))
  return {
    HOME: inside.home,
    LANG: 'C.UTF-8',
    PATH: `${programs}:/usr/local/bin:/usr/bin:/bin`,
    AGENTWORKS_PING_SOCKET: `${inside.agent}/${standInSocket}`,
    // Output is read from a pipe: without this, Python keeps lines back until there are 8 KiB.
    ...(language === 'python' ? { PYTHONUNBUFFERED: '1' } : {}),
    ...(isTrusting ? withTrust(env) : env),
  }
}

async function readOnlyBinds({ codeDir, language, interpreter }: CodeProgram, { platformDir }: Place): Promise<ReadOnlyBind[]> {
  const programs = [...new Set([...(await interpreterPaths(language, interpreter)), ...(await interpreterPaths('node', process.execPath))])]
  return [
    ...programs.map((path) => ({ source: path, target: path })),
    { source: codeDir, target: inside.code },
    { source: guestPrograms.dir, target: inside.guest },
    { source: platformDir, target: inside.platform },
    ...[...(terminalLibrary()?.folders ?? [])].map(([name, source]) => ({ source, target: `${inside.terminal}/${name}` })),
  ]
}

function writePreload(place: Place, port: number, isTrusting: boolean): Promise<void> {
  const settings = {
    port,
    socketPath: `${inside.agent}/agent.sock`,
    instead: false,
    platform: {
      port: platformPort,
      socketPath: `${inside.platform}/api.sock`,
      wishPath: `${inside.agent}/${wishFile}`,
      hosts: isTrusting ? insideHostPattern : undefined,
    },
  }
  const text = `require('${inside.guest}/preload.cjs').install(${JSON.stringify(settings)})\n`
  return writeReadable(join(place.platformDir, 'preload.cjs'), text)
}

function recordPath(place: Place): string {
  return join(place.dir, 'process.json')
}

/** True when there was something to end. */
async function endLeftovers(place: Place): Promise<boolean> {
  const recorded = await readRecord(place)
  const left = [...(recorded ? [recorded] : []), ...(await startsNaming(place.agentDir))]
  const ended = await Promise.all(left.map(endExactly))
  return ended.includes(true)
}

async function readRecord(place: Place): Promise<ProcessIdentity | undefined> {
  const text = await readFile(recordPath(place), 'utf8').catch(() => undefined)
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity)
  } catch {
    return undefined
  }
}

// Level process: a child of the platform with an environment and folders of its own, and no boundary at all.
// The agent's port becomes a unix socket by a preload, so that many sessions can listen on the same one.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { guestPrograms } from '@agentworks/guest'
import { agentProcess, cannotStart, watchChild } from '#adapters/sandbox/agent-process.js'
import { agentSocket, standInSocket } from '#adapters/sandbox/agent-socket.js'
import { executions } from '#adapters/sandbox/executions.js'
import { type Place, places } from '#adapters/sandbox/places.js'
import { identify, isRunning, type ProcessIdentity, signal } from '#adapters/sandbox/process-identity.js'
import { shellsWork, terminalLibrary } from '#adapters/sandbox/terminal-library.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Guarantee, InstanceSpec, Sandbox } from '#ports/sandbox.js'
import { endTree, treeMembers } from './process-tree.js'

export interface ProcessSandboxOptions {
  /** Short (sockets lie in it), the same for each start on one data folder, used by nobody else. Made when missing. */
  runtimeDir: string
  clock: Clock
}

export function processSandbox({ runtimeDir, clock }: ProcessSandboxOptions): Sandbox {
  const instances = places(runtimeDir, 'p')

  return {
    level: 'process',
    notice: 'Isolation process: this agent is NOT isolated from the host, its files or its network. `agentworks doctor` names what is missing.',
    platformUrl: (realUrl) => realUrl,

    async prepare(instanceId) {
      const place = await instances.make(instanceId)
      await Promise.all([mkdir(homeOf(place)), mkdir(temporaryOf(place))])
      return { instanceId, platformSocketPath: place.platformSocketPath }
    },

    async start(spec) {
      const { instanceId } = spec.place
      const running = await launch(spec, instances.at(instanceId), clock).catch(cannotStart)
      return agentProcess({ ...running, removePlace: () => instances.remove(instanceId) })
    },

    discard: ({ instanceId }) => instances.remove(instanceId),

    async endOrphans() {
      const ended: string[] = []
      for (const instanceId of await instances.stale()) {
        const place = instances.at(instanceId)
        if (await endTree({ leader: await runningLeader(place), home: homeOf(place) })) ended.push(instanceId)
        await instances.remove(instanceId)
      }
      return ended
    },

    probe: async () => [...noGuarantees, await shellsWork()],
    warm: async () => {},
    close: async () => {},
  }
}

async function launch(spec: InstanceSpec, place: Place, clock: Clock) {
  const { program } = spec
  if (program.language === 'node') await writePreload(place, spec.port)
  const socket = agentSocket(place)
  const env = environmentOf(spec, place)
  // Detached: a group of its own, so that its children can be ended with it, and Ctrl-C is for the platform alone.
  const child = spawn(program.interpreter, [...program.args], {
    cwd: program.codeDir,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  const exit = watchChild(child, clock, spec.onOutput)
  if (child.pid === undefined) {
    socket.close()
    throw new PortError('sandbox', 'cannot-start', `${program.interpreter} did not start: ${(await failed).message}`)
  }
  const pid = child.pid
  const leader = await identify(pid)
  if (leader) await writeFile(recordPath(place), JSON.stringify(leader)).catch(() => {})
  const tree = { leader, home: homeOf(place) }

  return {
    isolation: 'process' as const,
    pid,
    reach: () => ({
      to: 'host' as const,
      instead: { reason: "at isolation level process the agent shares the host's network", fix: 'run on Linux with bubblewrap' },
    }),
    child,
    exit,
    socket,
    executions: executions({ place, clock, env, cwd: program.codeDir, startGuest: guestStarter(place) }),
    clock,
    async askToEnd() {
      signal(pid, 'SIGTERM')
    },
    async endTree() {
      await endTree(tree)
    },
    async treeEnded() {
      while ((await treeMembers(tree)).length > 0) await delay(2)
    },
  }
}

function guestStarter(place: Place): () => void {
  let guest: ChildProcess | undefined
  return () => {
    if (guest?.pid === undefined || guest.exitCode !== null || guest.signalCode !== null) guest = startGuest(place)
  }
}

/** HOME marks it as the session's, so that it ends with it; its standard input ends with the platform. */
function startGuest(place: Place): ChildProcess {
  const args = [guestPrograms.exec, join(place.agentDir, 'exec.sock'), terminalLibrary()?.main ?? '', 'end-with-input']
  const child = spawn(process.execPath, args, { env: { HOME: homeOf(place) }, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  // What did not start does not answer, and that is told.
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  return child
}

function environmentOf({ env, program: { interpreter, language }, port }: InstanceSpec, place: Place): Record<string, string> {
  const programs = interpreter.slice(0, interpreter.lastIndexOf('/'))
  const plain = {
    HOME: homeOf(place),
    TMPDIR: temporaryOf(place),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PATH: `${programs}:/usr/local/bin:/usr/bin:/bin`,
    AGENTWORKS_PING_SOCKET: join(place.agentDir, standInSocket),
    ...env,
  }
  if (language === 'node') return { ...plain, NODE_OPTIONS: joined(' ', `--require "${preloadPath(place)}"`, env.NODE_OPTIONS) }
  return {
    PYTHONUNBUFFERED: '1',
    ...plain,
    PYTHONPATH: joined(':', guestPrograms.pythonDir, env.PYTHONPATH),
    AGENTWORKS_LISTEN: `${port}:${join(place.agentDir, 'agent.sock')}`,
  }
}

function joined(separator: string, ...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(separator)
}

function writePreload(place: Place, port: number): Promise<void> {
  const settings = { port, socketPath: join(place.agentDir, 'agent.sock'), instead: true }
  const text = `require(${JSON.stringify(guestPrograms.preload)}).install(${JSON.stringify(settings)})\n`
  return writeFile(preloadPath(place), text, { mode: 0o600 })
}

const preloadPath = (place: Place) => join(place.platformDir, 'preload.cjs')
const homeOf = (place: Place) => join(place.dir, 'home')
const temporaryOf = (place: Place) => join(place.dir, 'tmp')
const recordPath = (place: Place) => join(place.dir, 'process.json')

/** The recorded leader while it runs: the group of one that has ended may be someone else's by now. */
async function runningLeader(place: Place): Promise<ProcessIdentity | undefined> {
  try {
    const leader = JSON.parse(await readFile(recordPath(place), 'utf8')) as ProcessIdentity
    return (await isRunning(leader)) ? leader : undefined
  } catch {
    return undefined
  }
}

const install = 'install bubblewrap on Linux (apt-get install bubblewrap), then start again'

const noGuarantees: Guarantee[] = [
  ['own process namespace', 'the agent sees every process of this host'],
  ['host files out of sight', "the agent reads and writes what the platform's user may"],
  ['host loopback out of reach', "the agent shares the host's network"],
  ['no capabilities, no new privileges', "the agent has the platform's rights"],
  ['root is read-only', "the agent writes where the platform's user may"],
  ['code is read-only', 'the agent can change its code folder'],
  ['temporary folder is bounded', 'the agent can fill the disk'],
  ['memory, processor and process limits', 'one session can use up the host'],
].map(([name = '', detail = '']) => ({ name, holds: false, detail, fix: install }))

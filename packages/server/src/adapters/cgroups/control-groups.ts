// Limits of one session's memory, processors and processes, kept by the kernel. Where the host gives no control groups, that is told.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endExactly, identify } from '#adapters/sandbox/process-identity.js'
import { PortError } from '#kernel/errors.js'
import type { InstanceLimits } from '#ports/sandbox.js'
import { limitFiles, outOfMemoryFile } from './limit-files.js'
import { type Controller, ownGroups } from './own-groups.js'
import { type FoundPlaces, findPlaces, type GroupPlace } from './places-for-groups.js'

export interface ControlGroup {
  /** What holds: the limits asked for, but never more than the host has. */
  readonly limits: InstanceLimits
  /** Moves a process, whose children come to be inside too. */
  join(pid: number): Promise<void>
  /** Whether the kernel has ended a process of this group for want of memory. */
  ranOutOfMemory(): Promise<boolean>
  /** Ends what is still inside and removes the group. Safe to call twice. */
  remove(): Promise<void>
}

export interface ControlGroups {
  /** The limits that this host cannot keep, with the reason. */
  readonly missing: readonly { controller: Controller; reason: string }[]
  /**
   * The kernel's first move of a process waits some 10 ms for all processors, the next ones at once do not. Called early, the wait
   * passes while a sandbox is made.
   */
  warm(): void
  make(instanceId: string, limits: InstanceLimits): Promise<ControlGroup>
  /** Ends and removes the groups that an earlier platform with this runtime folder left. */
  removeStale(): Promise<void>
}

/** `runtimeDir` names the groups and keeps the record of where they were made: the next platform may stand in another group. */
export function controlGroups(runtimeDir: string, host: HostGroups = hostGroups()): ControlGroups {
  const prefix = `agentworks-${createHash('sha256').update(runtimeDir).digest('hex').slice(0, 12)}-`
  const record = join(runtimeDir, 'control-groups')
  const { places, missing } = lookAround(host)
  const ours = new Set<string>()
  let recorded: Promise<void> | undefined

  return {
    missing,

    warm() {
      const [place] = places
      // To where this process is already: nothing moves.
      if (place?.version === 1) writeFile(join(place.dir, 'cgroup.procs'), String(process.pid)).catch(() => {})
    },

    async make(instanceId, asked) {
      if (places.length > 0) recorded ??= appendFile(record, places.map(({ dir }) => `${dir}\n`).join(''))
      await recorded
      const limits = withinHost(asked)
      const name = `${prefix}${instanceId}`
      const dirs = places.map((place) => ({ ...place, dir: join(place.dir, name) }))
      ours.add(name)
      try {
        await Promise.all(dirs.map((place) => fill(place, limits)))
      } catch (cause) {
        await Promise.all(dirs.map(({ dir }) => removeGroup(dir)))
        ours.delete(name)
        throw new PortError('sandbox', 'cannot-start', `the session's limits could not be set: ${messageOf(cause)}`, { cause })
      }
      return {
        limits,
        join: (pid) => joinAll(dirs, pid),
        ranOutOfMemory: () => ranOutOfMemory(dirs),
        async remove() {
          await Promise.all(dirs.map(({ dir }) => removeGroup(dir)))
          ours.delete(name)
        },
      }
    },

    async removeStale() {
      const before = await readFile(record, 'utf8').catch(() => '')
      const parents = new Set([...before.split('\n').filter(Boolean), ...places.map(({ dir }) => dir)])
      for (const parent of parents) {
        const names = await readdir(parent).catch(() => [])
        await Promise.all(names.filter((name) => name.startsWith(prefix) && !ours.has(name)).map((name) => removeGroup(join(parent, name))))
      }
    },
  }
}

/** What the kernel says of this process. */
export interface HostGroups {
  mountinfo: string
  cgroup: string
}

const hostGroups = (): HostGroups => ({ mountinfo: text('/proc/self/mountinfo'), cgroup: text('/proc/self/cgroup') })

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function lookAround({ mountinfo, cgroup }: HostGroups): FoundPlaces {
  const parentOf = (pid: number) => Number(/^PPid:\s*(\d+)/m.exec(text(`/proc/${pid}/status`))?.[1] ?? 0)
  const isAbove = (pid: number, other: number): boolean => other > 0 && (other === pid || isAbove(pid, parentOf(other)))
  const kin = (pid: number) => isAbove(pid, process.pid) || isAbove(process.pid, pid)
  return findPlaces(ownGroups(mountinfo, cgroup), { pid: process.pid, kin })
}

/** A quarter of the host's memory stays for the platform and the host. */
function withinHost({ memoryBytes, cpus, pids }: InstanceLimits): InstanceLimits {
  return { memoryBytes: Math.min(memoryBytes, Math.floor((totalmem() * 3) / 4)), cpus: Math.min(cpus, availableParallelism()), pids }
}

async function fill({ version, dir, controllers }: GroupPlace, limits: InstanceLimits): Promise<void> {
  await mkdir(dir)
  for (const { name, value, optional } of controllers.flatMap((controller) => limitFiles(version, controller, limits))) {
    await writeFile(join(dir, name), value, { flag: 'r+' }).catch((fault: unknown) => {
      if (!optional) throw fault
    })
  }
}

async function joinAll(dirs: readonly GroupPlace[], pid: number): Promise<void> {
  await Promise.all(
    dirs.map(({ dir }) =>
      writeFile(join(dir, 'cgroup.procs'), String(pid)).catch((cause: unknown) => {
        throw new PortError('sandbox', 'cannot-start', `the session could not be put under its limits: ${messageOf(cause)}`, { cause })
      }),
    ),
  )
}

async function ranOutOfMemory(dirs: readonly GroupPlace[]): Promise<boolean> {
  const place = dirs.find(({ controllers }) => controllers.includes('memory'))
  if (!place) return false
  const text = await readFile(join(place.dir, outOfMemoryFile[place.version]), 'utf8').catch(() => '')
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0) > 0
}

/** A group goes only when it is empty, and a process that has just ended still counts for a moment. */
async function removeGroup(dir: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const failure = await rmdir(dir).then(
      () => undefined,
      (fault: NodeJS.ErrnoException) => fault.code,
    )
    if (failure !== 'EBUSY') return
    const left = (await readFile(join(dir, 'cgroup.procs'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number)
    for (const identity of await Promise.all(left.map(identify))) if (identity) await endExactly(identity)
    await delay(Math.min(1 + tries, 10))
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

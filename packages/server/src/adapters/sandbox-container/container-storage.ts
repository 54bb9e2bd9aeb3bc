// A session's volume in its container. The engine binds only what it sees in its own mounts, so the volume is mounted beside the
// container while that is made, and taken away again as soon as the container has it: no mount of the host's is left over a session.
import { execFile } from 'node:child_process'
import { chmod, lstat, mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { imageMountOptions } from '#adapters/session-storage/image.js'
import { PortError } from '#kernel/errors.js'
import type { InstanceStorage } from '#ports/sandbox.js'

export interface StorageBind {
  source: string
  target: string
}

export interface ContainerStorage {
  binds: readonly StorageBind[]
  /** Throws PortError when the container got something else: an engine with mounts of its own binds the empty folder below. */
  check(containerPid: number): Promise<void>
  /** Once the container has it, or never will. Safe to call twice. */
  detach(): Promise<void>
}

/** Not in the instance's place, which is removed with all that is in it. */
const rootOf = (runtimeDir: string) => join(runtimeDir, 'c-storage')

const none: ContainerStorage = { binds: [], check: async () => {}, detach: async () => {} }

export async function containerStorage(storage: InstanceStorage | undefined, runtimeDir: string, instanceId: string): Promise<ContainerStorage> {
  if (!storage) return none
  const { volume, mounts } = storage
  // A folder of the host would belong to whatever user the image has, whom this platform can neither measure nor remove.
  if (volume.kind !== 'image')
    throw new PortError('sandbox', 'cannot-start', 'the storage of containers takes loop devices, which `agentworks doctor` misses here')
  const point = join(rootOf(runtimeDir), instanceId)
  await mkdir(point, { recursive: true, mode: 0o700 })
  try {
    await run('mount', ['-o', imageMountOptions, volume.path, point])
    const binds: StorageBind[] = []
    for (const { name, target } of mounts) {
      const source = join(point, name)
      await ownFolder(source)
      binds.push({ source, target })
    }
    return {
      binds,
      check: (pid) =>
        checkMounted(
          pid,
          mounts.map(({ target }) => target),
        ),
      detach: () => detach(point),
    }
  } catch (cause) {
    await detach(point)
    if (cause instanceof PortError) throw cause
    throw new PortError('sandbox', 'cannot-start', `the session's storage could not be mounted: ${messageOf(cause)}`, { cause })
  }
}

/** What a platform that was killed in between has left mounted. */
export async function detachLeftovers(runtimeDir: string): Promise<void> {
  const root = rootOf(runtimeDir)
  for (const name of await readdir(root).catch(() => [])) await detach(join(root, name))
}

/** For the image's user, whoever that is: nobody but the session sees the volume. */
async function ownFolder(path: string): Promise<void> {
  await mkdir(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EEXIST') throw fault
  })
  if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is no folder`)
  await chmod(path, 0o777)
}

async function checkMounted(pid: number, targets: readonly string[]): Promise<void> {
  const mounted = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => undefined)
  // It has ended already: why is told by its own output.
  if (mounted === undefined || mounted === '') return
  const found = new Map(mounted.split('\n').map((line) => [line.split(' ')[4] ?? '', / - ext4 \/dev\/loop/.test(line)]))
  const missing = targets.find((target) => !found.get(target))
  if (missing === undefined) return
  throw new PortError(
    'sandbox',
    'cannot-start',
    `the container engine does not see what the platform mounts, so ${missing} would be no storage. To mend it: run the platform in the engine's mount namespace`,
  )
}

/** Namespaces that were made meanwhile, of other sessions for one, have a copy that would keep the disk busy as long as they live. */
async function detach(point: string): Promise<void> {
  await run('umount', ['--lazy', point]).catch(() => {})
  await Promise.all((await copiesOf(point)).map((pid) => run('nsenter', [`--mount=/proc/${pid}/ns/mnt`, 'umount', '--lazy', point]).catch(() => {})))
  // Never with what is in it: should it still be mounted, that is the session's.
  await rmdir(point).catch(() => {})
}

/** One process of each mount namespace that still has it. */
async function copiesOf(point: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const having = await Promise.all(
    pids.map(async (pid) => ((await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '')).includes(` ${point} `) ? [pid] : [])),
  )
  return having.flat()
}

function run(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' }
    execFile(program, args, { env, timeout: 30_000 }, (error, _stdout, stderr) =>
      error ? reject(new Error(stderr.trim() || error.message)) : resolve(),
    )
  })
}

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))

// A volume as a file with an ext4 file system: the kernel itself keeps its bound. Sparse, so an empty one costs next to nothing.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const unshare = '/usr/bin/unshare'

/** Files and folders that one volume can hold. AWS documents 100,000 to 200,000. */
const inodes = 131_072

/**
 * For `mount`, in a mount namespace of the session's own: it ends with the session, and the kernel gives the loop device back, after
 * a kill -9 of everything too. What is deleted inside is given back to the host.
 */
export const imageMountOptions = 'loop,nosuid,nodev,noatime,noinit_itable,discard'

/** Tables, journal and the reserve of ext4 come on top of what the agent may write. */
const overheadOf = (bytes: number) => Math.ceil(bytes / 16)

/** A reader of the folder never sees a half-made image under its name. */
export async function makeImage(path: string, bytes: number): Promise<void> {
  const unfinished = `${path}.new`
  await writeFile(unfinished, '', { mode: 0o600 })
  await truncate(unfinished, bytes + overheadOf(bytes))
  const failure = await failureOf('mkfs.ext4', [
    ...['-q', '-F', '-m', '0', '-N', String(Math.min(inodes, Math.floor(bytes / 8192))), '-O', '^resize_inode', '-J', 'size=4'],
    ...['-E', 'nodiscard,lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0', unfinished],
  ])
  if (failure !== undefined) throw new Error(`mkfs.ext4 failed: ${failure}`)
  await rename(unfinished, path)
}

const trialPrefix = '.trial-'

/** Tries all of it once, small: hosts differ in loop devices, in rights, in tools. `undefined` when it works. */
export async function imageFailure(dir: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'the platform is not root on Linux'
  // Only one platform works on a data folder: what lies here is of one that was killed.
  for (const name of await readdir(dir)) if (name.startsWith(trialPrefix)) await rm(join(dir, name), { recursive: true, force: true })
  const trial = await mkdtemp(join(dir, trialPrefix))
  try {
    const image = join(trial, 'image')
    const point = join(trial, 'point')
    await mkdir(point)
    await makeImage(image, 32 << 20)
    const steps = `mount -o ${imageMountOptions} "$1" "$2" && : >"$2/written"`
    return await failureOf(unshare, ['--mount', '--', '/bin/sh', '-c', steps, 'trial', image, point])
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  } finally {
    await rm(trial, { recursive: true, force: true })
  }
}

/** Whether a loop device still has it: the last instance's namespace ends a moment after its processes. */
export async function isAttached(path: string): Promise<boolean> {
  const devices = (await readdir('/sys/block').catch(() => [])).filter((name) => name.startsWith('loop'))
  const files = await Promise.all(devices.map((name) => readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '')))
  return files.some((file) => file.replace(/\n$/, '') === path)
}

function failureOf(program: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' }
    execFile(program, args, { env, timeout: 30_000 }, (error, _stdout, stderr) => resolve(error ? stderr.trim() || error.message : undefined))
  })
}

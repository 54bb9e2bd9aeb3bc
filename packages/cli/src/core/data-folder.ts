// What the command line reads of the data folder: who runs there, and the keys. It never writes to it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.js'

export interface RunningPlatform {
  pid: number
  startedAt: string
  url: string
  /** Absent where the note does not tell. */
  region: string | undefined
  /** Its second port; absent where there is none. */
  tls: TlsPort | undefined
}

export interface TlsPort {
  url: string
  /** Absent: the operator's own certificate. */
  authority?: { path: string; bundlePath: string }
  /** AWS's host names that it answers for. */
  hosts: string[]
}

/** `undefined`: no platform runs on this folder. */
export async function runningPlatform(dataDir: string): Promise<RunningPlatform | undefined> {
  const note = await runningProcess(join(dataDir, 'lock'))
  if (!note) return undefined
  const { region: named, tls } = note as { region?: unknown; tls?: unknown }
  const region = typeof named === 'string' ? named : undefined
  // Written by the platform, in a folder that is its user's alone.
  return { pid: note.pid, startedAt: note.startedAt, url: note.url, region, tls: tls as TlsPort | undefined }
}

/** The process that a note is of, as long as it runs. */
export async function runningProcess(path: string) {
  const note = await readJson(path)
  if (!note || typeof note.pid !== 'number' || typeof note.url !== 'string' || !isAlive(note.pid)) return undefined
  // A process that got the pid of one that was killed is not the one that wrote this: it must never see a token of ours.
  if (typeof note.processStart === 'string' && note.processStart !== (await processStart(note.pid))) return undefined
  return { ...note, pid: note.pid, url: note.url, startedAt: String(note.startedAt) }
}

export interface AccessKey {
  accessKeyId: string
  secretAccessKey: string
}

export async function accessKey(dataDir: string): Promise<AccessKey> {
  const path = join(dataDir, 'access-key.json')
  const key = await readJson(path)
  if (typeof key?.accessKeyId !== 'string' || typeof key.secretAccessKey !== 'string') {
    throw new Failure(`cannot read the access key in ${path}`, {
      why: 'it is missing, damaged, or not yours to read',
      fix: 'run as the user who started the platform',
    })
  }
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey }
}

export async function adminToken(dataDir: string): Promise<string> {
  const path = join(dataDir, 'admin-token')
  const token = await readFile(path, 'utf8').catch(() => undefined)
  if (!token) throw new Failure(`cannot read ${path}`, { fix: 'run as the user who started the platform, or name its folder with --data-dir' })
  return token.trim()
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/PID/stat, as the platform writes it into its lock; `undefined` off Linux. */
export async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

/** EPERM: it lives, and belongs to somebody else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

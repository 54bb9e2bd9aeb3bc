// A process id alone may have been given to someone else since. Together with its start time it names one process for good.
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'

export interface ProcessIdentity {
  pid: number
  /** Opaque: clock ticks since boot on Linux, `ps`'s text elsewhere. */
  startedAt: string
}

export interface ProcessRow extends ProcessIdentity {
  parent: number
  group: number
  state: string
}

/** `undefined` when no such process runs; a zombie counts as ended. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform !== 'linux') return identifyByPs(pid)
  const row = await readRow(pid)
  return row && row.state !== 'Z' ? { pid, startedAt: row.startedAt } : undefined
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startedAt === identity.startedAt
}

/** SIGKILL, only when the id still means the same process. True when there was something to end. */
export async function endExactly(identity: ProcessIdentity): Promise<boolean> {
  if (!(await isRunning(identity))) return false
  return signal(identity.pid, 'SIGKILL')
}

/** False when there is no such process (or group, for a negative id) any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** Every process of this host that can be seen; empty where there is no /proc. */
export async function allProcesses(): Promise<ProcessRow[]> {
  const names = await readdir('/proc').catch(() => [])
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => readRow(Number(name))))
  return rows.filter((row) => row !== undefined)
}

export async function childrenOf(pid: number): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => undefined)
  if (listed !== undefined) return listed.trim().split(/\s+/).filter(Boolean).map(Number)
  // Kernels without that list.
  return (await allProcesses()).filter((row) => row.parent === pid).map((row) => row.pid)
}

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  if (stat === undefined) return undefined
  // The command's name is in brackets and may hold anything, brackets too: fields count from the last one.
  const [state = '', parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, state, parent: Number(parent), group: Number(group), startedAt: rest[16] ?? '' }
}

function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, stdout) => {
      const startedAt = stdout.trim()
      resolve(error || startedAt === '' ? undefined : { pid, startedAt })
    })
  })
}

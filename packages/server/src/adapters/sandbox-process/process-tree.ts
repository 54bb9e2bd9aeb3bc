// Which processes belong to an agent without a namespace to count them: its group, its descendants, and everything that
// carries its home folder in its environment. Ids are compared with start times, so that a reused id is never taken for ours.
import { readFile } from 'node:fs/promises'
import { allProcesses, endExactly, type ProcessIdentity, type ProcessRow, signal } from '#adapters/sandbox/process-identity.js'

export interface ProcessTree {
  leader: ProcessIdentity | undefined
  /** Unique for the instance: no other process has it as HOME. */
  home: string
}

/** SIGKILL to everything that belongs to it, until nothing new appears. True when there was something to end. */
export async function endTree(tree: ProcessTree): Promise<boolean> {
  if (process.platform !== 'linux') return endGroup(tree)
  let ended = false
  // A tree can grow while it is being ended.
  for (let members = await treeMembers(tree); members.length > 0; members = await treeMembers(tree)) {
    for (const member of members) ended = (await endExactly(member)) || ended
  }
  return ended
}

export async function treeMembers({ leader, home }: ProcessTree): Promise<ProcessIdentity[]> {
  const rows = (await allProcesses()).filter((row) => row.state !== 'Z' && row.pid !== process.pid)
  const members = new Set(rows.filter((row) => leader && isOfGroup(row, leader, rows)).map((row) => row.pid))
  const marked = await Promise.all(rows.map((row) => carries(row.pid, home)))
  rows.forEach((row, index) => {
    if (marked[index]) members.add(row.pid)
  })
  let size: number
  do {
    size = members.size
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid)
  } while (members.size > size)
  return rows.filter((row) => members.has(row.pid))
}

/** The group outlives its leader, but not for someone else: a leader's id is not given out while its group has members. */
function isOfGroup(row: ProcessRow, leader: ProcessIdentity, rows: ProcessRow[]): boolean {
  if (row.group !== leader.pid) return false
  const holder = rows.find((other) => other.pid === leader.pid)
  return holder === undefined ? Number(row.startedAt) >= Number(leader.startedAt) : holder.startedAt === leader.startedAt
}

async function carries(pid: number, home: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environment.split('\0').includes(`HOME=${home}`)
}

/** Without /proc: the group is all that is known. */
function endGroup({ leader }: ProcessTree): boolean {
  return leader !== undefined && signal(-leader.pid, 'SIGKILL')
}

// What bubblewrap says about the processes it made.
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { allProcesses, childrenOf, type ProcessIdentity } from '#adapters/sandbox/process-identity.js'

/** The host's id of the sandbox's process 1: whoever ends it ends the whole namespace. `undefined` when bubblewrap gave up. */
export function firstProcess(child: ChildProcess, status: Readable): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = ''
    status.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const match = /"child-pid"\s*:\s*(\d+)/.exec(text)
      if (match) resolve(Number(match[1]))
    })
    status.on('error', () => {})
    child.once('close', () => resolve(undefined))
  })
}

/** The host's id of the agent: process 2 of its namespace. `undefined` when it has ended. */
export async function agentProcessId(firstPid: number): Promise<number | undefined> {
  const children = await childrenOf(firstPid)
  for (const pid of children) {
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
    if (/^NSpid:.*\b2$/m.test(status)) return pid
  }
  return undefined
}

/**
 * Every step of a start that still names the folder of its instance. A platform killed in the middle of a start leaves no record,
 * and bubblewrap's own process 1, which waits for its parent before it has tied its life to it, would wait for ever.
 */
export async function startsNaming(agentDir: string): Promise<ProcessIdentity[]> {
  const rows = await allProcesses()
  const commands = await Promise.all(rows.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return rows.filter((_row, index) => {
    const args = commands[index]?.split('\0') ?? []
    return args.includes('--die-with-parent') && args.includes(agentDir)
  })
}

// A second Node process beside each agent would double the memory of a session. Node agents are reached and reach the platform
// through their preload; the forwarder starts only when something else is found to need it.
import { type FSWatcher, watch } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '#adapters/sandbox/places.js'
import type { Clock } from '#kernel/clock.js'

/** The preload makes this file when the agent starts a process, or loads native code: these know only the network. */
export const wishFile = 'forwarder.wanted'

/** The preload makes this one, always before the agent's port opens: looked for after the port, its absence tells. */
const directSocket = 'agent.sock'

const lookMs = 50

export interface DemandInput {
  place: Place
  port: number
  clock: Clock
  /** The sandbox's first process on the host: its network is the session's. */
  firstPid: number
  /** Called at most once. */
  start(): void
}

export interface ForwarderDemand {
  /** Something else needs it. */
  need(): void
  /** The agent has been found without the forwarder: its port needs no more looking after. */
  found(): void
  close(): void
}

/** Watches for the preload's wish as long as the session lives, and for a port without a socket until the agent is found. */
export function forwarderDemand({ place, port, clock, firstPid, start }: DemandInput): ForwarderDemand {
  let isFound = false
  let isOver = false
  let cancel = () => {}

  const finish = () => {
    isOver = true
    cancel()
    watcher?.close()
  }
  const need = () => {
    if (isOver) return
    finish()
    start()
  }
  const look = async () => {
    // A lost event must not leave a child of the agent without the platform: so the file is looked for, too.
    if (await access(join(place.agentDir, wishFile)).then(yes, no)) need()
    else if (!isFound && (await listensOnTcp(firstPid, port)) && !(await access(join(place.agentDir, directSocket)).then(yes, no))) need()
    else if (!isOver && (!isFound || !watcher)) cancel = clock.after(lookMs, () => void look())
  }
  const watcher = watchFor(place.agentDir, wishFile, need)
  void look()

  return {
    need,
    found() {
      isFound = true
    },
    close: finish,
  }
}

const yes = () => true
const no = () => false

async function listensOnTcp(pid: number, port: number): Promise<boolean> {
  const listening = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F]+:0000 0A `)
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'latin1').catch(() => '')))
  return tables.some((table) => listening.test(table))
}

function watchFor(dir: string, name: string, onSeen: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dir, { persistent: false }, (_event, seen) => {
      if (seen === name) onSeen()
    })
    watcher.on('error', () => {})
    return watcher
  } catch {
    // The host's limit of watches is reached.
    return undefined
  }
}

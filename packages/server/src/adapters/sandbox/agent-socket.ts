// Finds the unix socket that leads to the agent, as soon as there is one.
import { type FSWatcher, watch } from 'node:fs'
import { link, lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Place } from './places.js'

/** Names of sockets that lead to the same, in order of preference. `pin` begins the names of what is found: each set has its own. */
export interface SocketNames {
  names: readonly string[]
  pin: string
}

/** Straight to the agent's server, then over the forwarder. */
const servingSockets: SocketNames = { names: ['agent.sock', 'forward.sock'], pin: 's' }
/** To a thread of the agent that answers /ping while its loop is blocked, which its own server is with it. */
export const standInSocket = 'ping.sock'
/** To what starts processes beside the agent. */
export const executionSocket: SocketNames = { names: ['exec.sock'], pin: 'x' }

export interface AgentSocket {
  /** The socket that accepts at this moment, if there is one. */
  now(): Promise<string | undefined>
  /** Resolves once a socket of the agent accepts; rejects with the signal's reason. May be called again: the agent may listen anew. */
  accepting(signal: AbortSignal): Promise<string>
  /** The socket of what answers in place of a blocked agent, when the agent has opened one. */
  standIn(): Promise<string | undefined>
  close(): void
}

/** Start before the agent does, so that no sign of it is missed. */
export function agentSocket(place: Place, { names, pin }: SocketNames = servingSockets): AgentSocket {
  const pinned = pinnedSockets(place, pin)
  let wake: () => void = () => {}
  const watcher = watchOrPoll(place.agentDir, () => wake())

  const find = async () => {
    for (const name of names) {
      const path = await pinned.path(name)
      if (path && (await accepts(path))) return path
    }
    return undefined
  }

  return {
    now: find,
    async accepting(signal) {
      for (;;) {
        signal.throwIfAborted()
        const changed = nextChange(signal, (resume) => {
          wake = resume
        })
        const path = await find()
        if (path) return path
        await changed
      }
    },
    standIn: () => pinned.path(standInSocket),
    close: () => watcher.close(),
  }
}

/**
 * The agent's folder belongs to the agent, who could put a link there that leads out, to a socket of the host. So each socket
 * gets a second name in a folder that only the platform reaches: linking follows no symbolic link, and what was looked at under
 * the second name can be exchanged no more.
 */
function pinnedSockets(place: Place, pin: string) {
  const pins = new Map<string, { ino: number; path: string }>()
  let count = 0

  return {
    async path(name: string): Promise<string | undefined> {
      const source = join(place.agentDir, name)
      const found = await lstat(source).catch(() => undefined)
      if (!found) return undefined
      const known = pins.get(name)
      if (known?.ino === found.ino) return known.path
      count += 1
      const path = join(place.dir, `${pin}${count}`)
      const linked = await link(source, path).then(
        () => lstat(path),
        () => undefined,
      )
      if (!linked) return undefined
      if (!linked.isSocket()) {
        await unlink(path)
        return undefined
      }
      if (known) await unlink(known.path).catch(() => {})
      pins.set(name, { ino: linked.ino, path })
      return path
    },
  }
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const trial = connect({ path })
    trial.on('connect', () => {
      trial.destroy()
      resolve(true)
    })
    trial.on('error', () => resolve(false))
  })
}

// Between the file's appearance and its first accept lies a moment without an event, and a lost event must not hang a start.
function nextChange(signal: AbortSignal, onWake: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const resume = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', resume)
      resolve()
    }
    const timer = setTimeout(resume, 10)
    signal.addEventListener('abort', resume)
    onWake(resume)
  })
}

function watchOrPoll(dir: string, onChange: () => void): Pick<FSWatcher, 'close'> {
  try {
    const watcher = watch(dir, { persistent: false }, onChange)
    watcher.on('error', () => {})
    return watcher
  } catch {
    // The host's limit of watches is reached.
    const timer = setInterval(onChange, 2)
    timer.unref()
    return { close: () => clearInterval(timer) }
  }
}

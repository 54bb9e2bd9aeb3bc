// Answers /ping while a handler keeps the event loop from it: a thread takes the port over, and gives it back when the loop turns again.
//
// Nothing lies in the way of a request as long as the loop turns. The app listens on the IPv6 form of its address (::ffff:0.0.0.0) and
// lets the port be shared; the thread listens on the IPv4 form only while the loop's beat has stopped for a second. Linux prefers the
// IPv4 form for new connections, so they go to the thread exactly that long. It answers /ping with the status last known; anything else
// waits there for the app. A connection that stood open before cannot be taken over: it waits for the loop. Where the app is reached by a
// unix socket, as in the sandboxes of agentworks, no connection can be diverted: the thread answers on a socket of its own there.
import { createServer } from 'node:http'
import { isIPv4 } from 'node:net'
import type { Worker } from 'node:worker_threads'
import { listening } from './listen.js'
import type { PingAnswer } from './ping.js'
import { standInProgram } from './stand-in-program.js'

const beatMs = 250
/** It holds a few connections and no data; its heap must not count in a session's memory. */
const small = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }
const places = { isArmed: 0, beats: 1, isBusy: 2, changedAt: 3 } as const

export interface StandIn {
  /** Work begins: from now on the loop is watched, until `isWorking` says that nothing goes on. */
  arm(): void
  /** What /ping would answer now. */
  note(answer: PingAnswer): void
  close(): Promise<unknown>
}

/** `undefined` where the kernel or node cannot do this: the app then listens as any other does. */
export async function listenSharing(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number | undefined> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const canShare = process.platform === 'linux' && (major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12))
  if (!canShare || !isIPv4(host)) return undefined
  // Sharing would let a second agent of the same user open the same port unnoticed. In a container nobody else is there.
  const free = host === '0.0.0.0' && port !== 0 ? port : await probed(port, host)
  try {
    return await listening(server, { port: free, host: `::ffff:${host}`, reusePort: true })
  } catch (error) {
    // No IPv6 in this kernel, or no such sharing: the plain way tells whether anything else is wrong.
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw error
    return undefined
  }
}

async function probed(port: number, host: string): Promise<number> {
  const probe = createServer()
  const found = await listening(probe, { port, host })
  await new Promise((resolve) => probe.close(resolve))
  return found
}

interface Options {
  port: number
  host: string
  /** Where else /ping is asked while the loop is blocked. */
  socketPath?: string
  now: PingAnswer
  isWorking: () => boolean
  onFault: (error: unknown) => void
}

export function standIn({ port, host, socketPath, now, isWorking, onFault }: Options): StandIn {
  const shared = new SharedArrayBuffer(16)
  const state = new Int32Array(shared)
  let thread: Worker | undefined
  let beat: NodeJS.Timeout | undefined
  let idleBeats = 0
  let isClosed = false

  function turn() {
    Atomics.add(state, places.beats, 1)
    idleBeats = isWorking() ? 0 : idleBeats + 1
    // A second beat, so that a steady flow of requests does not start and stop it each time.
    if (idleBeats < 2) return
    clearInterval(beat)
    beat = undefined
    Atomics.store(state, places.isArmed, 0)
  }

  function note({ status, time_of_last_update }: PingAnswer) {
    Atomics.store(state, places.isBusy, status === 'HealthyBusy' ? 1 : 0)
    Atomics.store(state, places.changedAt, time_of_last_update)
  }

  function started(): Worker {
    // At once and not by import(): the loop may never turn before the handler blocks it.
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    const workerData = { shared, port, host, socketPath, places, beatMs }
    const worker = new Worker(standInProgram, { eval: true, workerData, name: 'ping stand-in', resourceLimits: small })
    worker.on('error', onFault)
    worker.unref()
    return worker
  }

  note(now)
  return {
    arm() {
      idleBeats = 0
      if (beat || isClosed) return
      thread ??= started()
      beat = setInterval(turn, beatMs).unref()
      Atomics.store(state, places.isArmed, 1)
      Atomics.notify(state, places.isArmed)
    },
    note,
    async close() {
      isClosed = true
      clearInterval(beat)
      await thread?.terminate()
    },
  }
}

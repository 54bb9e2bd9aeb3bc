// A terminal beside an agent, kept through connections that break.
import { setTimeout as pause } from 'node:timers/promises'
import { InvalidCall } from './invalid-call.js'
import { connectShell, type Dial, type ShellClosing, type ShellConnection } from './shell-connection.js'
import { channels, longestPayload, type ShellStatus } from './shell-frames.js'
import { ShellLost } from './shell-lost.js'
import { type ShellOutput, shellOutput } from './shell-output.js'
import { UpgradeRefused } from './upgrade-refused.js'

/** How a broken connection is found out and taken up again. */
export interface Reconnecting {
  /** 5 when absent; 0: never. */
  retries?: number
  /** Of the first wait; each later one is twice as long, up to 15 s. 1000 when absent. */
  delayMs?: number
  /** Between two questions whether the other side is there. 30,000 when absent: proxies cut what is silent for 60 s. */
  heartbeatMs?: number
}

/**
 * An open terminal, for one reader: `for await (const output of shell)` until it ends, then `exitCode`. The loop and `exitCode` throw
 * ShellLost when the shell cannot be reached any more.
 */
export interface Shell extends AsyncIterable<ShellOutput>, AsyncDisposable {
  readonly shellId: string
  readonly runtimeSessionId: string
  readonly exitCode: Promise<number>
  /** What is typed. Resolves when it is sent, which waits for a connection that is being taken up. What the loss overtakes is lost with it. */
  write(input: string | Uint8Array): Promise<void>
  resize(size: { width: number; height: number }): Promise<void>
  /** Leaves the shell running: who opens it again by its id within 15 minutes finds it. */
  detach(): void
  /** Ends the shell and what runs in it. */
  close(): Promise<void>
}

export interface ShellParts {
  shellId: string
  runtimeSessionId: string
  dial: Dial
  reconnect?: Reconnecting
  signal?: AbortSignal
}

const longestDelayMs = 15_000
const mostCells = 10_000

export async function openShell({ shellId, runtimeSessionId, dial, signal, reconnect = {} }: ShellParts): Promise<Shell> {
  const { retries = 5, delayMs = 1_000, heartbeatMs = 30_000 } = reconnect
  const over = new AbortController()
  const exit = Promise.withResolvers<number>()
  // Nobody has to ask for it.
  exit.promise.catch(() => {})
  let now: ShellConnection | undefined
  let current: Promise<ShellConnection>
  let isFirst = true
  const output = shellOutput({ pause: () => now?.pause(), resume: () => now?.resume() })

  function end(result: { exitCode: number } | { left: Error } | { lost: Error }): void {
    if (over.signal.aborted) return
    const fault = 'lost' in result ? result.lost : 'left' in result ? result.left : new ShellLost(`shell ${shellId} has ended`)
    over.abort(fault)
    signal?.removeEventListener('abort', onAbort)
    if ('exitCode' in result) exit.resolve(result.exitCode)
    else exit.reject(fault)
    output.end('lost' in result ? fault : undefined)
    now?.leave()
  }
  const onAbort = () => end({ lost: signal?.reason as Error })

  function onStatus(status: ShellStatus): void {
    if (status.kind === 'exited') end({ exitCode: status.exitCode })
    else if (status.kind === 'failed') end({ lost: new ShellLost(`shell ${shellId} ended: ${status.why}`) })
    else if (isFirst) isFirst = false
    else if (status.reconnected) output.push({ kind: 'reconnected' })
    // The platform has started another in its place.
    else end({ lost: new ShellLost(`shell ${shellId} ended while the connection to it was lost`) })
  }

  async function connect(): Promise<ShellConnection> {
    const listener = { status: onStatus, output: (kind: 'stdout' | 'stderr', data: Uint8Array) => output.push({ kind, data }) }
    const connection = await connectShell(dial, listener, heartbeatMs)
    now = connection
    if (over.signal.aborted) connection.leave()
    else if (output.isFull()) connection.pause()
    return connection
  }

  async function again(): Promise<ShellConnection> {
    let why: unknown
    for (let attempt = 0; attempt < retries; attempt += 1) {
      await pause(Math.min(delayMs * 2 ** attempt, longestDelayMs), undefined, { signal: over.signal })
      try {
        return await connect()
      } catch (error) {
        why = error
        // The platform is there and says no: asking again changes nothing, unless it was too much at once.
        if (error instanceof UpgradeRefused && error.status < 500 && error.status !== 429) break
      }
    }
    throw new ShellLost(`the connection to shell ${shellId} was lost${why instanceof Error ? ` and could not be taken up: ${why.message}` : ''}`, {
      cause: why,
    })
  }

  async function keep(connection: ShellConnection): Promise<void> {
    for (let open = connection; ; open = await current) {
      const closing = await open.closed
      now = undefined
      if (over.signal.aborted) return
      if (isMeant(closing)) throw new ShellLost(`the connection to shell ${shellId} was closed: ${closing.code} ${closing.reason}`.trimEnd())
      current = again()
    }
  }

  async function send(channel: number, payload?: Uint8Array): Promise<void> {
    over.signal.throwIfAborted()
    const connection = await current
    over.signal.throwIfAborted()
    await connection.send(channel, payload)
  }

  async function close(): Promise<void> {
    if (over.signal.aborted) return
    await send(channels.close)
    await exit.promise.catch(() => {})
  }

  signal?.throwIfAborted()
  current = connect()
  const connection = await current
  signal?.addEventListener('abort', onAbort, { once: true })
  keep(connection).catch((lost) => end({ lost }))
  return {
    shellId,
    runtimeSessionId,
    exitCode: exit.promise,
    async write(input) {
      const bytes = typeof input === 'string' ? Buffer.from(input) : input
      for (let at = 0; at < bytes.length; at += longestPayload) await send(channels.stdin, bytes.subarray(at, at + longestPayload))
    },
    async resize(size) {
      for (const [field, value] of Object.entries(size))
        if (!Number.isInteger(value) || value < 1 || value > mostCells)
          throw new InvalidCall(field, `${value} is no size of a terminal`, `It is a whole number from 1 to ${mostCells}`)
      await send(channels.resize, Buffer.from(JSON.stringify({ width: size.width, height: size.height })))
    },
    detach: () => end({ left: new ShellLost(`shell ${shellId} was left; it runs on`) }),
    close,
    [Symbol.asyncDispose]: close,
    [Symbol.asyncIterator]: output.read,
  }
}

/** Somebody wished it; everything else may be the network. 1008 ends a connection for its age, and one that floods at once. */
function isMeant({ code, lastedMs }: ShellClosing): boolean {
  return [1000, 1001, 1003, 1007, 1009, 4000].includes(code) || (code === 1008 && lastedMs < 60_000)
}

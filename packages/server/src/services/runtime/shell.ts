// One shell of a session: it outlives the connections of its client, one of which it has at a time.
import type { Clock } from '#kernel/clock.js'
import type { Execution, InstanceExit } from '#ports/sandbox.js'
import type { WebSocketConnection } from '#ports/web-socket.js'
import { shellKeptMs } from './limits.js'
import type { Session } from './sessions.js'
import { channels, connectedFrame, exitFrame, faultFrame, shellFrame, sizeIn } from './shell-frames.js'
import { shellReplay } from './shell-replay.js'

export interface Shell {
  /** Takes the place of an earlier connection. `left` is called once, when this one no longer is the shell's. */
  attach(connection: WebSocketConnection, left: () => void): void
}

interface ShellParts {
  shellId: string
  session: Session
  execution: Execution
  clock: Clock
  /** Once, when the shell has ended. */
  ended(): void
}

interface Attached {
  connection: WebSocketConnection
  left(): void
  /** Text frames in a row. */
  texts: number
}

const mostTexts = 5
/** Without the channel's byte: the clients' limit is of the whole frame. */
const longestPayload = 32 * 1024
const mostWaiting = 256 * 1024

export function runningShell({ shellId, session, execution, clock, ended }: ShellParts): Shell {
  const replay = shellReplay()
  let current: Attached | undefined
  let over: InstanceExit | undefined
  let wasAttached = false
  let wake = () => {}
  let cancelEnd = () => {}

  const leave = (attached: Attached, close: () => void) => {
    if (current !== attached) return
    current = undefined
    close()
    wake()
    attached.left()
  }

  /** Resolves when the client has taken enough, or is gone: the terminal waits for it as for any slow one. */
  async function taken({ connection }: Attached): Promise<void> {
    while (current?.connection === connection && connection.waitingBytes() > mostWaiting) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  async function pass(): Promise<void> {
    for await (const { bytes } of execution.output) {
      replay.add(bytes)
      if (!current) continue
      sendOutput(current.connection, bytes, () => wake())
      await taken(current)
    }
    const exit = await execution.exited
    over = exit
    cancelEnd()
    const last = current
    const { aborted, reason } = session.ending.signal
    if (last)
      leave(last, () => {
        last.connection.send(aborted ? faultFrame(`the session ended: ${String(reason?.message)}`) : exitFrame(exit), true)
        last.connection.close(aborted ? 1001 : 1000, aborted ? 'the session ended' : '')
      })
    ended()
  }

  function onBinary(attached: Attached, data: Buffer): void {
    attached.texts = 0
    const payload = data.subarray(1)
    const { connection } = attached
    const tell = (text: string) => connection.send(shellFrame(channels.stderr, Buffer.from(`${text}\r\n`)), true)
    switch (data[0]) {
      case channels.stdin:
        execution.write(payload)
        break
      case channels.resize: {
        const size = sizeIn(payload)
        if (size) execution.resize(size)
        else tell('A size is {"width":COLUMNS,"height":ROWS}.')
        break
      }
      case channels.heartbeat:
        connection.send(shellFrame(channels.heartbeat), true)
        break
      case channels.close:
        connection.send(shellFrame(channels.close), true)
        execution.kill()
        break
      default:
        tell(data.length === 0 ? 'A frame begins with the byte of its channel.' : `There is no channel ${data[0]} to the shell.`)
    }
  }

  function onText(attached: Attached): void {
    attached.texts += 1
    if (attached.texts >= mostTexts) leave(attached, () => attached.connection.close(1003, 'shells take binary frames only'))
    if (!current) detached()
  }

  /** A client may come back; until then what runs goes on, as long as its session lives. */
  function detached(): void {
    cancelEnd()
    cancelEnd = clock.after(shellKeptMs, () => execution.kill())
  }

  void pass()
  return {
    attach(connection, left) {
      cancelEnd()
      if (current) {
        const before = current
        leave(before, () => before.connection.close(4000, 'another client took the shell over'))
      }
      const attached: Attached = { connection, left, texts: 0 }
      current = attached
      connection.start({
        message(data, isBinary) {
          session.lastActivityAt = clock.now()
          if (current !== attached) return
          if (isBinary) onBinary(attached, data)
          else onText(attached)
        },
        ping() {
          session.lastActivityAt = clock.now()
        },
        closed() {
          if (current !== attached) return
          leave(attached, () => undefined)
          detached()
        },
      })
      connection.send(connectedFrame(shellId, wasAttached), true)
      if (wasAttached) sendOutput(connection, replay.all())
      wasAttached = true
      // It ended while its client came.
      if (over) {
        connection.send(exitFrame(over), true)
        leave(attached, () => connection.close(1000, ''))
      }
    },
  }
}

function sendOutput(connection: WebSocketConnection, bytes: Buffer, sent?: () => void): void {
  for (let at = 0; at < bytes.length; at += longestPayload)
    connection.send(shellFrame(channels.stdout, bytes.subarray(at, at + longestPayload)), true, sent)
}

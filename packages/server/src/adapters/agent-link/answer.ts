// What an agent answers: its head, and a body that streams, or is already there as a whole when it came with the head.
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { AgentAnswer } from '#ports/agent-link.js'

type Controller = Dispatcher.DispatchController

/** Bytes held for a reader that is slow, before the agent is made to wait. */
const heldBytes = 64 * 1024

export class UndiciAnswer extends Readable implements AgentAnswer {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  readonly #connection: Controller
  #held: Buffer[] = []
  #heldBytes = 0
  #isRead = false
  #isComplete = false

  constructor(connection: Controller, statusCode: number, headers: IncomingHttpHeaders) {
    super({ highWaterMark: heldBytes })
    this.#connection = connection
    this.statusCode = statusCode
    this.headers = headers
    // It can break before its reader has it; an error that nobody hears would end the platform. Who reads afterwards still meets it.
    this.on('error', () => undefined)
  }

  /** All of the body, when it is there already and nobody has begun to read: most agents answer in one piece. The stream is closed then. */
  whole(): Buffer | undefined {
    if (!this.#isComplete || this.#isRead || this.destroyed) return undefined
    const [first, ...more] = this.#held
    this.#held = []
    this.destroy()
    return more.length === 0 ? (first ?? Buffer.alloc(0)) : Buffer.concat([first as Buffer, ...more])
  }

  receive(piece: Buffer): void {
    if (this.destroyed) return
    if (this.#isRead) {
      if (!this.push(piece)) this.#connection.pause()
      return
    }
    this.#held.push(piece)
    this.#heldBytes += piece.length
    if (this.#heldBytes >= heldBytes) this.#connection.pause()
  }

  complete(): void {
    this.#isComplete = true
    if (this.#isRead) this.push(null)
  }

  override _read(): void {
    if (this.#isRead) {
      if (!this.#isComplete) this.#connection.resume()
      return
    }
    this.#isRead = true
    let hasRoom = true
    for (const piece of this.#held) hasRoom = this.push(piece)
    this.#held = []
    if (this.#isComplete) this.push(null)
    else if (hasRoom) this.#connection.resume()
  }

  override _destroy(fault: Error | null, done: (fault: Error | null) => void): void {
    if (!this.#isComplete) this.#connection.abort(fault ?? new Error('nobody reads the answer any more'))
    done(fault)
  }
}

// Two ends of a connection within one process. Unlike node's duplexPair they behave as sockets do: nothing arrives before the call that
// sent it has returned (`ws` counts on that), and an end that is destroyed takes the other with it.
import { Duplex } from 'node:stream'

export function streamPair(): [Duplex, Duplex] {
  const near = new End()
  const far = new End()
  near.other = far
  far.other = near
  return [near, far]
}

class End extends Duplex {
  other: End | undefined
  /** Goes on when the other end has room again. */
  #written: (() => void) | undefined

  override _read(): void {
    this.other?.goOn()
  }

  goOn(): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    setImmediate(() => {
      if (!this.other || this.other.destroyed || this.other.push(piece)) done()
      else this.#written = done
    })
  }

  override _final(done: () => void): void {
    setImmediate(() => {
      if (!this.other?.destroyed) this.other?.push(null)
      done()
    })
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.goOn()
    done(error)
    // The last bytes are read first.
    setImmediate(() => this.other?.destroy())
  }
}

// A container's output comes over one connection in frames: one byte names the stream, bytes 4 to 7 the length of what follows.
import { type Duplex, PassThrough, type Readable } from 'node:stream'

export interface ContainerOutput {
  stdout: Readable
  stderr: Readable
}

const headBytes = 8

/** Holds the connection back while a reader is slow: the agent waits then, and nothing piles up here. */
export function output(connection: Duplex): ContainerOutput {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
  let head = Buffer.alloc(0)
  let left = 0
  let current = streams.stdout
  let waiting = 0

  const give = (piece: Buffer) => {
    if (current.write(piece)) return
    waiting += 1
    connection.pause()
    current.once('drain', () => {
      waiting -= 1
      if (waiting === 0) connection.resume()
    })
  }

  connection.on('data', (chunk: Buffer) => {
    for (let rest = chunk; rest.length > 0; ) {
      if (left === 0) {
        const missing = headBytes - head.length
        head = Buffer.concat([head, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (head.length < headBytes) return
        current = head[0] === 2 ? streams.stderr : streams.stdout
        left = head.readUInt32BE(4)
        head = Buffer.alloc(0)
        continue
      }
      const piece = rest.subarray(0, left)
      left -= piece.length
      rest = rest.subarray(piece.length)
      give(piece)
    }
  })
  connection.on('error', () => {})
  connection.on('close', () => {
    streams.stdout.end()
    streams.stderr.end()
  })
  return streams
}

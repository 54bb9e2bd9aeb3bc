// What runs in a container says it over one connection in frames: one byte names the stream, bytes 4 to 7 the length of what follows.
import { type Duplex, PassThrough, type Readable } from 'node:stream'

export interface ContainerOutput {
  stdout: Readable
  stderr: Readable
}

export interface OutputPiece {
  stream: 'stdout' | 'stderr'
  bytes: Buffer
}

const headBytes = 8

/** Takes the connection's bytes as they come, and gives out the pieces that are in them. */
export function frameReader(): (chunk: Buffer) => OutputPiece[] {
  let head = Buffer.alloc(0)
  let left = 0
  let stream: OutputPiece['stream'] = 'stdout'

  return (chunk) => {
    const pieces: OutputPiece[] = []
    for (let rest = chunk; rest.length > 0; ) {
      if (left > 0) {
        const bytes = rest.subarray(0, left)
        left -= bytes.length
        rest = rest.subarray(bytes.length)
        pieces.push({ stream, bytes })
        continue
      }
      const missing = headBytes - head.length
      head = Buffer.concat([head, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      if (head.length < headBytes) break
      stream = head[0] === 2 ? 'stderr' : 'stdout'
      left = head.readUInt32BE(4)
      head = Buffer.alloc(0)
    }
    return pieces
  }
}

/** Holds the connection back while a reader is slow: the agent waits then, and nothing piles up here. */
export function output(connection: Duplex): ContainerOutput {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
  const frames = frameReader()
  let waiting = 0

  connection.on('data', (chunk: Buffer) => {
    for (const { stream, bytes } of frames(chunk)) {
      if (streams[stream].write(bytes)) continue
      waiting += 1
      connection.pause()
      streams[stream].once('drain', () => {
        waiting -= 1
        if (waiting === 0) connection.resume()
      })
    }
  })
  connection.on('error', () => {})
  connection.on('close', () => {
    streams.stdout.end()
    streams.stderr.end()
  })
  return streams
}

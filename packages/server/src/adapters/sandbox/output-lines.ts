// An agent's output as lines, with bounds: a line is cut at 64 KiB, and a flood is dropped and counted, never kept.
import type { Readable } from 'node:stream'
import type { Clock } from '#kernel/clock.js'

export interface OutputBounds {
  lineBytes: number
  /** Per window. What comes after is dropped until the window ends, and one line says how much. */
  windowBytes: number
  windowMs: number
}

export const outputBounds: OutputBounds = { lineBytes: 64 * 1024, windowBytes: 4 << 20, windowMs: 1000 }

const newline = 0x0a

/** Calls `onLine` for each line until the stream ends. Errors of the stream and of `onLine` end nothing but themselves. */
export function readLines(stream: Readable, clock: Clock, onLine: (line: string) => void, bounds: OutputBounds = outputBounds): void {
  const emit = contained(onLine)
  const line = lineBuffer(bounds.lineBytes, emit)
  let spent = 0
  let dropped = 0
  let cancelWindow: (() => void) | undefined

  const endWindow = () => {
    cancelWindow?.()
    cancelWindow = undefined
    if (dropped > 0) emit(`[agentworks] ${dropped} bytes of output dropped: more than ${bounds.windowBytes} bytes in ${bounds.windowMs} ms`)
    spent = 0
    dropped = 0
    stream.resume()
  }

  stream.on('data', (chunk: Buffer) => {
    cancelWindow ??= clock.after(bounds.windowMs, endWindow)
    if (spent <= bounds.windowBytes) {
      spent += chunk.length
      return line.add(chunk)
    }
    line.cut()
    dropped += chunk.length
    // A flood that goes on would cost the platform's time just for reading it: let the agent wait.
    if (dropped > 4 * bounds.windowBytes) stream.pause()
  })
  stream.on('error', () => {})
  stream.on('close', () => {
    line.end()
    endWindow()
  })
}

function contained(onLine: (line: string) => void) {
  return (line: string) => {
    try {
      onLine(line)
    } catch {
      // The reader of the log must not end the agent.
    }
  }
}

function lineBuffer(limit: number, emit: (line: string) => void) {
  let pieces: Buffer[] = []
  let size = 0
  // The rest of an over-long line is skipped up to its newline.
  let skipping = false

  const flush = () => {
    if (!skipping) emit(withoutReturn(Buffer.concat(pieces, size).toString('utf8')))
    pieces = []
    size = 0
    skipping = false
  }
  const keep = (piece: Buffer) => {
    if (skipping || piece.length === 0) return
    const room = limit - size
    pieces.push(piece.subarray(0, room))
    size += Math.min(piece.length, room)
    if (piece.length <= room) return
    flush()
    skipping = true
  }

  return {
    add(chunk: Buffer) {
      let start = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        keep(chunk.subarray(start, end))
        flush()
        start = end + 1
      }
      keep(chunk.subarray(start))
    },
    /** Gives out what there is of the current line; its rest will be skipped. */
    cut() {
      if (size > 0) flush()
      skipping = true
    },
    end() {
      if (size > 0) flush()
    },
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

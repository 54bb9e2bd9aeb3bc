import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, it } from 'vitest'
import type { Clock } from '#kernel/clock.js'
import { type OutputBounds, outputBounds, readLines } from './output-lines.js'

const stillClock: Clock = { now: () => 0, after: () => () => {} }

async function linesOf(pieces: string[], bounds: OutputBounds = outputBounds): Promise<string[]> {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, stillClock, (line) => lines.push(line), bounds)
  for (const piece of pieces) stream.write(piece)
  stream.end()
  await finished(stream)
  return lines
}

it('gives each line once, however the pieces fall', async () => {
  expect(await linesOf(['one\ntw', 'o\n', '\nthree\r\n', 'rest'])).toEqual(['one', 'two', '', 'three', 'rest'])
})

it('keeps a letter whole that two pieces share', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, stillClock, (line) => lines.push(line))
  const bytes = Buffer.from('grüße\n')
  stream.write(bytes.subarray(0, 3))
  stream.end(bytes.subarray(3))
  await finished(stream)
  expect(lines).toEqual(['grüße'])
})

it('cuts a long line and goes on with the next', async () => {
  const bounds = { ...outputBounds, lineBytes: 4 }
  expect(await linesOf(['1234', '5678', '\nok\n'], bounds)).toEqual(['1234', 'ok'])
  expect(await linesOf(['123456789\nok\n'], bounds)).toEqual(['1234', 'ok'])
  expect(await linesOf(['1234\n'], bounds)).toEqual(['1234'])
})

it('drops a flood and says how much', async () => {
  const lines = await linesOf(['0123456789\n', '0123456789\n', 'lost\n'], { lineBytes: 100, windowBytes: 15, windowMs: 1000 })
  expect(lines).toEqual(['0123456789', '0123456789', '[agentworks] 5 bytes of output dropped: more than 15 bytes in 1000 ms'])
})

it('goes on when the reader throws', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, stillClock, (line) => {
    lines.push(line)
    throw new Error('reader')
  })
  stream.end('one\ntwo\n')
  await finished(stream)
  expect(lines).toEqual(['one', 'two'])
})

import { expect, test } from 'vitest'
import { sseData } from './server-sent-events.js'

async function read(chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  const body = (async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  })()
  const events: unknown[] = []
  for await (const event of sseData(body)) events.push(event)
  return events
}

test('yields the JSON of each event, and text where it is no JSON', async () => {
  expect(await read(['data: {"text":"a"}\n\ndata: plain\n\ndata: "quoted"\n\n'])).toEqual([{ text: 'a' }, 'plain', 'quoted'])
})

test('joins what arrives in pieces, even within a character or a line end', async () => {
  const bytes = new TextEncoder().encode('data: {"text":"größe"}\r\n\r\n')
  expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([{ text: 'größe' }])
})

test('joins data lines of one event, and skips comments, names and ids', async () => {
  expect(await read([': heartbeat\n\nevent: error\nid: 7\ndata: one\ndata: two\n\n'])).toEqual(['one\ntwo'])
})

test('yields a last event that lacks its blank line', async () => {
  expect(await read(['data: 1\n\ndata: 2'])).toEqual([1, 2])
  expect(await read(['data:{"a":1}\n'])).toEqual([{ a: 1 }])
})

test('yields an event as soon as it ends, not when the stream does', async () => {
  let sent = 0
  const body = (async function* () {
    for (const word of ['a', 'b']) {
      sent++
      yield new TextEncoder().encode(`data: "${word}"\n\n`)
    }
  })()
  for await (const event of sseData(body)) {
    expect([event, sent]).toEqual(['a', 1])
    break
  }
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { bedrockAgentCore } from '@agentworks/model'
import { expect, it } from 'vitest'
import type { WebSocketConnection } from '#ports/web-socket.js'
import { restJson } from '#wire/rest-json/index.js'
import { signedServer } from '#wire/signed-server.fixture.js'
import { closing, dial, opened } from './client.fixture.js'
import { frameRate } from './frame-rate.js'
import type { WebSocketLimits } from './limits.js'

/** Counts what arrives; `ends` holds what its route was told. */
async function counting(limits: Partial<WebSocketLimits>) {
  const json = restJson(bedrockAgentCore, {})
  const state = { messages: 0, pings: 0, ends: [] as number[], connection: undefined as WebSocketConnection | undefined }
  const open = async (_context: unknown, call: { accept(answer: object): WebSocketConnection }) => {
    state.connection = call.accept({})
    state.connection.start({
      message: () => void state.messages++,
      ping: () => void state.pings++,
      closed: (code) => void state.ends.push(code),
    })
  }
  const server = await signedServer({ of: () => json, fallback: json }, { webSockets: [{ path: '/ws', name: 'X', open }], webSocketLimits: limits })
  return { state, port: server.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

it('takes a message of 64 KB and closes with 1009 for one byte more', async () => {
  await using server = await counting({})
  const socket = await dial(server.port)
  await opened(socket)
  socket.send(Buffer.alloc(64 * 1024))
  await expect.poll(() => server.state.messages).toBe(1)
  socket.send(Buffer.alloc(64 * 1024 + 1))
  expect(await closing(socket)).toMatchObject({ code: 1009 })
  expect(server.state).toMatchObject({ messages: 1, ends: [1009] })
})

it('closes with 1008 for more than 250 frames in a second, pings among them, and passes none of the rest on', async () => {
  await using server = await counting({})
  const socket = await dial(server.port)
  await opened(socket)
  const closed = closing(socket)
  for (let sent = 0; sent < 200; sent++) socket.send('x')
  for (let sent = 0; sent < 200; sent++) socket.ping()
  expect(await closed).toEqual({ code: 1008, reason: 'more than 250 frames in a second' })
  expect(server.state).toMatchObject({ messages: 200, pings: 50, ends: [1008] })
})

it('does not hold against a client what it sent while nobody read', () => {
  let now = 0
  const rate = frameRate(10, { now: () => now, after: () => () => undefined })
  rate.pause()
  now = 3_000
  rate.resume()
  const taken = Array.from({ length: 100 }, () => rate.take()).filter(Boolean).length
  expect(taken).toBe(40)
  now = 4_000
  expect(Array.from({ length: 20 }, () => rate.take()).filter(Boolean).length).toBe(10)
})

it('closes with 1008 at the end of its longest life', async () => {
  await using server = await counting({ longestMs: 50 })
  const socket = await dial(server.port)
  expect(await closing(socket)).toMatchObject({ code: 1008, reason: expect.stringContaining('a connection lasts at most') })
})

it('drops a client that answers no ping, and keeps one that does', async () => {
  await using server = await counting({ pingEveryMs: 100 })
  const [dead, alive] = [await dial(server.port, { options: { autoPong: false } }), await dial(server.port)]
  const [closed] = [closing(dead), await opened(alive)]
  expect(await closed).toMatchObject({ code: 1006 })
  await once(alive, 'ping')
  expect(server.state.ends).toEqual([1006])
})

it('cuts a refused client that keeps its side open, and says why first', async () => {
  await using server = await counting({ lingerMs: 100 })
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(`GET /runtimes/x/ws HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`)
  let answer = ''
  for await (const piece of socket) answer += piece
  expect(answer).toMatch(/^HTTP\/1.1 403 .*connection: close.*MissingAuthenticationTokenException/is)
  const cut = new Promise((resolve) => socket.once('error', resolve))
  const knocking = setInterval(() => socket.write('x'), 20)
  expect(await cut).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) })
  clearInterval(knocking)
})

it('reads no more of a client than it is asked to', async () => {
  await using server = await counting({ framesPerSecond: 1_000_000 })
  const socket = await dial(server.port)
  await opened(socket)
  server.state.connection?.pause()
  const whole = Buffer.alloc(64 * 1024)
  const total = 400
  for (let sent = 0; sent < total; sent++) socket.send(whole)
  // What fits into the buffers of both sides is gone; the rest waits at the client.
  await expect.poll(() => socket.bufferedAmount).toBeGreaterThan(0)
  const before = server.state.messages
  expect(before).toBeLessThan(10)
  server.state.connection?.resume()
  await expect.poll(() => server.state.messages, { timeout: 10_000 }).toBe(total)
})

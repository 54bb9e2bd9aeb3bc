import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { BedrockAgentCoreApp, getContext, messages, type WebSocketHandler } from './index.js'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serving(handler: WebSocketHandler | undefined) {
  const failures: unknown[] = []
  const quiet = () => {}
  const app = new BedrockAgentCoreApp({ logger: { debug: quiet, info: quiet, warn: quiet, error: (_message, facts) => failures.push(facts?.error) } })
  app.entrypoint(() => 1)
  if (handler) app.websocket(handler)
  const running = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  const connect = (headers: Record<string, string> = {}, protocols: string[] = []) => {
    const client = new WebSocket(`${running.url.replace('http', 'ws')}/ws`, protocols, { headers })
    closing.push(() => client.terminate())
    return client
  }
  return { app, connect, failures, ...running }
}

const textOf = async (client: WebSocket) => String((await once(client, 'message'))[0])

it('gives a connection its context and its messages one by one, and closes it when the handler is done', async () => {
  const { connect } = await serving(async (socket, { sessionId }) => {
    for await (const message of messages(socket)) {
      if (message === 'end') return
      socket.send(JSON.stringify([sessionId, getContext()?.requestId, Buffer.isBuffer(message) ? [...message] : message]))
    }
  })
  const client = connect({ 'x-amzn-bedrock-agentcore-runtime-session-id': 's-1', 'x-amzn-bedrock-agentcore-runtime-request-id': 'r-1' })
  await once(client, 'open')
  client.send('hello')
  expect(JSON.parse(await textOf(client))).toEqual(['s-1', 'r-1', 'hello'])
  client.send(Buffer.from([1, 2]))
  expect(JSON.parse(await textOf(client))).toEqual(['s-1', 'r-1', [1, 2]])
  client.send('end')
  expect((await once(client, 'close'))[0]).toBe(1000)
})

it('stays open for a handler that only adds listeners, and keeps what came before them', async () => {
  let listen = () => {}
  const { connect } = await serving(async (socket) => {
    await new Promise<void>((resolve) => {
      listen = resolve
    })
    socket.on('message', (data) => socket.send(`heard ${data}`))
  })
  const client = connect()
  await once(client, 'open')
  for (let n = 0; n < 40; n += 1) client.send(String(n))
  const heard: string[] = []
  const all = new Promise<void>((resolve) => client.on('message', (data) => heard.push(String(data)) === 40 && resolve()))
  await new Promise((resolve) => setImmediate(resolve))
  listen()
  await all
  expect(heard).toEqual(Array.from({ length: 40 }, (_, n) => `heard ${n}`))
})

it('reads no further than the handler does', async () => {
  let read = 0
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const { connect } = await serving(async (socket) => {
    for await (const _message of messages(socket)) {
      read += 1
      await gate
      socket.send(String(read))
    }
  })
  const client = connect()
  await once(client, 'open')
  const piece = Buffer.alloc(1_000_000)
  for (let n = 0; n < 60; n += 1) client.send(piece)
  await textOfBufferedStill(client)
  expect(read).toBe(1)
  const last = new Promise<void>((resolve) => client.on('message', (data) => String(data) === '60' && resolve()))
  go()
  await last
})

/** Resolves once what the client could not get rid of stands still above zero. */
async function textOfBufferedStill(client: WebSocket): Promise<void> {
  let before = -1
  const deadline = Date.now() + 10_000
  for (let same = 0; same < 50; same = client.bufferedAmount === before ? same + 1 : 0) {
    if (Date.now() > deadline) throw new Error('the client never stopped sending')
    before = client.bufferedAmount
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(client.bufferedAmount).toBeGreaterThan(0)
}

it('closes with 1011 when the handler throws, and logs it', async () => {
  const { connect, failures } = await serving(async () => {
    throw new TypeError('broken')
  })
  const [code, reason] = await once(connect(), 'close')
  expect([code, String(reason)]).toEqual([1011, 'Internal error'])
  expect(failures).toEqual([expect.objectContaining({ message: 'broken' })])
})

it('aborts the signal when the client goes away, also from a handler that never reads', async () => {
  const left = Promise.withResolvers<void>()
  const { connect } = await serving(async (_socket, { signal }) => {
    signal.addEventListener('abort', () => left.resolve())
    await left.promise
  })
  const client = connect()
  await once(client, 'open')
  client.terminate()
  await left.promise
})

it('never answers with the subprotocol that carries a token', async () => {
  const { connect } = await serving((socket) => void socket.on('message', () => {}))
  const client = connect({}, ['base64UrlBearerAuthorization.c2VjcmV0', 'base64UrlBearerAuthorization'])
  await once(client, 'open')
  expect(client.protocol).toBe('base64UrlBearerAuthorization')
})

it('is not there without a handler, and wants an upgrade with one', async () => {
  const without = await serving(undefined)
  const [error] = await once(without.connect(), 'error')
  expect(error.message).toContain('404')
  expect((await fetch(`${without.url}/ws`)).status).toBe(404)
  const { url, connect: _connect } = await serving(() => {})
  expect((await fetch(`${url}/ws`)).status).toBe(426)
  const other = new WebSocket(`${url.replace('http', 'ws')}/other`)
  expect((await once(other, 'error'))[0].message).toContain('404')
})

it('says 1001 to its connections when the app closes, and waits no longer than told', async () => {
  const { connect, close } = await serving((socket) => void socket.on('message', () => {}))
  const client = connect()
  await once(client, 'open')
  const closed = once(client, 'close')
  await close(5_000)
  expect((await closed)[0]).toBe(1001)
})

it('is enough for an app: without an entrypoint /ws and /ping answer, and /invocations says what is missing', async () => {
  const app = new BedrockAgentCoreApp({ env: { LOG_LEVEL: 'OFF' } })
  app.websocket(async (socket) => socket.send('hello'))
  const running = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  const client = new WebSocket(`${running.url.replace('http', 'ws')}/ws`)
  expect(await textOf(client)).toBe('hello')
  expect(await (await fetch(`${running.url}/ping`)).json()).toMatchObject({ status: 'Healthy' })
  const refused = await fetch(`${running.url}/invocations`, { method: 'POST', body: '{}' })
  expect([refused.status, await refused.json()]).toEqual([404, { error: 'This agent has no entrypoint; it answers at /ws.' }])
  await expect(new BedrockAgentCoreApp().listen({ port: 0 })).rejects.toThrow(/answers nothing.*app\.websocket/)
})

import { once } from 'node:events'
import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { BedrockAgentCoreApp, HttpError, messages } from '#runtime/index.js'
import { InvocationFailed, testApp } from './index.js'

const quiet = () => {}
const newApp = () => new BedrockAgentCoreApp({ logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } })

it('invokes an app without a port, with the types of its handler', async () => {
  const app = newApp()
  const answer = app.entrypoint(z.object({ prompt: z.string() }), ({ prompt }, { sessionId, headers }) => ({ prompt, sessionId, headers }))
  const agent = testApp<typeof answer>(app)
  const given = await agent.invoke({ prompt: 'hello' }, { sessionId: 's-1', headers: { 'x-tenant': 'blue' } })
  expectTypeOf(given.prompt).toEqualTypeOf<string>()
  expect(given).toEqual({ prompt: 'hello', sessionId: 's-1', headers: { 'x-tenant': 'blue' } })
})

it('rejects with the status and the body of an error', async () => {
  const app = newApp()
  app.entrypoint(() => {
    throw new HttpError(422, 'no prompt', { field: 'prompt' })
  })
  const failure = await testApp(app)
    .invoke({})
    .catch((error) => error)
  expect(failure).toBeInstanceOf(InvocationFailed)
  expect(failure).toMatchObject({ status: 422, body: { error: 'no prompt', field: 'prompt' }, message: 'the agent answered 422: no prompt' })
})

it('gives a stream item by item or whole, and tells the agent when the loop is left', async () => {
  const app = newApp()
  const closed = Promise.withResolvers<void>()
  const answer = app.entrypoint(async function* ({ count }: { count: number }) {
    try {
      for (let n = 0; n < count; n += 1) yield { n, text: 'a\n\nb' }
      if (count > 1) await new Promise((resolve) => setImmediate(resolve))
      while (count > 9) yield { n: count, text: '' }
    } finally {
      closed.resolve()
    }
  })
  const agent = testApp<typeof answer>(app)
  expect(await agent.invoke({ count: 1 })).toEqual([{ n: 0, text: 'a\n\nb' }])
  for await (const item of agent.stream({ count: 10 })) {
    expectTypeOf(item).toEqualTypeOf<{ n: number; text: string }>()
    if (item.n === 10) break
  }
  await closed.promise
})

it('rejects when a stream ends with an error', async () => {
  const app = newApp()
  app.entrypoint(async function* () {
    yield 1
    throw new RangeError('half way')
  })
  await expect(testApp(app).invoke({})).rejects.toMatchObject({ body: { error: 'half way', error_type: 'RangeError' } })
})

it('pings, and asks for what must be refused', async () => {
  const app = newApp()
  app.entrypoint(() => 1)
  const agent = testApp(app)
  app.addAsyncTask('work')
  expect((await agent.ping()).status).toBe('HealthyBusy')
  expect(await agent.request('POST', '/invocations', { body: '{' })).toMatchObject({ status: 400, headers: { 'content-type': 'application/json' } })
  expect((await agent.request('GET', '/nowhere')).status).toBe(404)
})

it('opens a WebSocket, and says so when the app has none', async () => {
  const app = newApp()
  app.entrypoint(() => 1)
  await expect(testApp(app).websocket()).rejects.toThrow('404')
  app.websocket(async (socket, { sessionId }) => {
    for await (const message of messages(socket)) socket.send(`${sessionId}: ${message}`)
  })
  const socket = await testApp(app).websocket({ sessionId: 's-1' })
  socket.send('hello')
  expect(String((await once(socket, 'message'))[0])).toBe('s-1: hello')
  socket.close()
  await once(socket, 'close')
})

import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { BedrockAgentCoreApp, type Entrypoint, getContext, HttpError, type Logger, type RequestContext, serverSentEvent } from './index.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Line = { level: string; message: string; facts: Readonly<Record<string, unknown>> | undefined }

async function started(handler: Entrypoint, configure: (app: BedrockAgentCoreApp) => void = () => {}) {
  const lines: Line[] = []
  const keep = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => void lines.push({ level, message, facts })
  const logger: Logger = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
  const app = new BedrockAgentCoreApp({ logger })
  app.entrypoint(handler)
  configure(app)
  const running = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  const invoke = (body: string | Uint8Array<ArrayBuffer> = '{}', headers: Record<string, string> = {}) =>
    fetch(`${running.url}/invocations`, { method: 'POST', body, headers })
  const ping = async () => (await (await fetch(`${running.url}/ping`)).json()) as { status: string; time_of_last_update: number }
  return { app, lines, invoke, ping, ...running }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in 5 s')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('an invocation', () => {
  it.each([
    ['a value', () => ({ a: 1 }), '{"a":1}'],
    ['a promise', async () => [1, 2], '[1,2]'],
    ['a string, quoted', () => 'hello', '"hello"'],
    ['nothing, as null', () => undefined, 'null'],
    ['a map with a set and a bigint', () => new Map<string, unknown>([['s', new Set([1n])]]), '{"s":[1]}'],
    [
      'a cycle, cut',
      () => {
        const loop: Record<string, unknown> = { a: 1 }
        loop.self = loop
        return loop
      },
      '{"a":1,"self":"[circular]"}',
    ],
    [
      'something that cannot be written at all, by its type',
      () => ({
        toJSON() {
          throw new Error('no')
        },
        get a() {
          throw new Error('no')
        },
        toString() {
          throw new Error('no')
        },
      }),
      '{"error":"Serialization failed","original_type":"Object"}',
    ],
  ])('answers %s as JSON', async (_what, handler, json) => {
    const { invoke } = await started(handler)
    const response = await invoke()
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'application/json', json])
  })

  it.each([
    ['malformed JSON', '{"a":', 'Invalid JSON'],
    ['an empty body', '', 'Invalid JSON'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'Invalid encoding'],
  ])('refuses %s with 400 and says why', async (_what, body, error) => {
    const { invoke } = await started(() => 'never')
    const response = await invoke(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error, details: expect.stringMatching(/.+/) })
  })

  it('refuses a body over 100 MB before reading it', async () => {
    const { port } = await started(() => 'never')
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-length': 100 * 1024 * 1024 + 1 }
      const request = httpRequest({ port, host: '127.0.0.1', path: '/invocations', method: 'POST', headers }, (response) =>
        resolve(response.statusCode),
      )
      request.on('error', reject).flushHeaders()
    })
    expect(status).toBe(413)
  })

  it('answers 500 with the message when the handler throws, and logs where', async () => {
    const { invoke, lines } = await started(() => {
      throw new TypeError('broken')
    })
    const response = await invoke()
    expect([response.status, await response.json()]).toEqual([500, { error: 'broken' }])
    expect(lines.at(-1)).toMatchObject({ level: 'error', facts: { error: expect.any(TypeError) } })
  })

  it('keeps the status of an HttpError', async () => {
    const { invoke } = await started(() => {
      throw new HttpError(422, 'no prompt', { field: 'prompt' })
    })
    const response = await invoke()
    expect([response.status, await response.json()]).toEqual([422, { error: 'no prompt', field: 'prompt' }])
  })

  it('passes a Response on', async () => {
    const { invoke } = await started(() => new Response('made', { status: 201, headers: { 'content-type': 'text/plain', 'x-kind': 'own' } }))
    const response = await invoke()
    expect([response.status, response.headers.get('x-kind'), await response.text()]).toEqual([201, 'own', 'made'])
  })

  it('tells the handler who calls, with the headers that the allow-list let through and none of the runtime’s own', async () => {
    let seen: RequestContext | undefined
    let found: RequestContext | undefined
    const { invoke } = await started(async (_payload, context) => {
      await new Promise((resolve) => setImmediate(resolve))
      found = getContext()
      seen = context
    })
    await invoke('{}', {
      'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': 's-1',
      'X-Amzn-Bedrock-AgentCore-Runtime-Request-Id': 'r-1',
      'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant': 'blue',
      'X-Amz-Bedrock-AgentCore-Identity-WAT': 'newer',
      WorkloadAccessToken: 'older',
      OAuth2CallbackUrl: 'https://example.test/cb',
      Authorization: 'Bearer t',
      'x-other': 'listed',
      'x-amz-security-token': 'hidden',
      traceparent: '00-1',
    })
    expect(found).toBe(seen)
    expect(seen).toMatchObject({
      sessionId: 's-1',
      requestId: 'r-1',
      workloadAccessToken: 'newer',
      oauth2CallbackUrl: 'https://example.test/cb',
      traceparent: '00-1',
    })
    expect(seen?.headers).toEqual({ authorization: 'Bearer t', 'x-other': 'listed', 'x-amzn-bedrock-agentcore-runtime-custom-tenant': 'blue' })
    expect(getContext()).toBeUndefined()
  })

  it('takes the session id of the payload when no header says one', async () => {
    const { invoke } = await started((_payload, { sessionId }) => [sessionId, getContext()?.sessionId])
    expect(await (await invoke('{"sessionId":"from-body"}')).json()).toEqual(['from-body', 'from-body'])
    const header = { 'x-amzn-bedrock-agentcore-runtime-session-id': 'from-header' }
    expect(await (await invoke('{"sessionId":"from-body"}', header)).json()).toEqual(['from-header', 'from-header'])
  })

  it('takes a content type by its own parser, and everything else for JSON', async () => {
    const { app, invoke } = await started((payload) => payload)
    app.contentType('Text/CSV', (body) => body.toString().split(','))
    expect(await (await invoke('a,b', { 'content-type': 'text/csv; charset=utf-8' })).json()).toEqual(['a', 'b'])
    expect(await (await invoke('{"a":1}', { 'content-type': 'text/plain' })).json()).toEqual({ a: 1 })
    app.contentType('text/csv', () => {
      throw new Error('no rows')
    })
    const refused = await invoke('a,b', { 'content-type': 'text/csv' })
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'Invalid text/csv', details: 'no rows' }])
  })

  it('makes up a request id, not a session id, when the headers are absent', async () => {
    const { invoke } = await started((_payload, { requestId, sessionId }) => [requestId, sessionId === undefined])
    expect(await (await invoke()).json()).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), true])
  })
})

describe('a stream', () => {
  it('sends each item when it is there, as one data line of JSON', async () => {
    let release = () => {}
    const { invoke } = await started(async function* () {
      yield 'one'
      await new Promise<void>((resolve) => {
        release = resolve
      })
      yield { two: 'a\nb' }
    })
    const response = await invoke('{}', { accept: 'application/json' })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const pieces: string[] = []
    for await (const piece of response.body ?? []) {
      pieces.push(new TextDecoder().decode(piece))
      release()
    }
    expect(pieces).toEqual(['data: "one"\n\n', 'data: {"two":"a\\nb"}\n\n'])
  })

  it('takes a sync generator', async () => {
    const { invoke } = await started(function* () {
      yield 1
      yield 2
    })
    expect(await (await invoke()).text()).toBe('data: 1\n\ndata: 2\n\n')
  })

  it('gives an item a name and an id where asked to, and leaves any other with a `data` member as it is', async () => {
    const { invoke } = await started(function* () {
      yield serverSentEvent({ event: 'step', id: '7', retry: 50, data: { n: 1 } })
      yield { event: 'mine', data: 2 }
    })
    expect(await (await invoke()).text()).toBe('event: step\nid: 7\nretry: 50\ndata: {"n":1}\n\ndata: {"event":"mine","data":2}\n\n')
  })

  it('ends a failure in the middle with an error event, and keeps the context while it runs', async () => {
    const { invoke } = await started(async function* () {
      yield getContext()?.sessionId
      throw new RangeError('half way')
    })
    const text = await (await invoke('{}', { 'x-amzn-bedrock-agentcore-runtime-session-id': 's' })).text()
    expect(text).toBe(
      'data: "s"\n\nevent: error\ndata: {"error":"half way","error_type":"RangeError","message":"An error occurred during streaming"}\n\n',
    )
  })

  it('closes the generator and aborts the signal when the client goes away', async () => {
    let closed = false
    let aborted = false
    const { invoke, lines } = await started(async function* (_payload, { signal }) {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      try {
        yield 'first'
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        yield 'second'
      } finally {
        closed = true
      }
    })
    const response = await invoke()
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await until(() => closed && aborted && lines.some(({ message }) => message.includes('went away')))
  })

  it('waits for a client that reads slowly instead of holding the rest in memory', async () => {
    let made = 0
    const { port } = await started(function* () {
      for (; made < 2_000; made += 1) yield 'x'.repeat(10_000)
    })
    const socket = connect(port, '127.0.0.1')
    socket.pause()
    socket.write('POST /invocations HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}')
    let before = -1
    await until(() => {
      const stands = made > 0 && made === before
      before = made
      return stands
    })
    expect(made).toBeLessThan(2_000)
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
    })
    socket.resume()
    await until(() => received > 2_000 * 10_000)
    socket.destroy()
  })
})

describe('the routes', () => {
  it('answer 404 for an unknown path and 405 for another method', async () => {
    const { url } = await started(() => 1)
    expect((await fetch(`${url}/other`)).status).toBe(404)
    expect((await fetch(`${url}/invocations`)).status).toBe(405)
    expect((await fetch(`${url}/ping`, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`${url}/ping?x=1`)).status).toBe(200)
  })

  it('want one entrypoint before they open', async () => {
    await expect(new BedrockAgentCoreApp().listen({ port: 0 })).rejects.toThrow('app.entrypoint')
    const { app } = await started(() => 1)
    expect(() => app.entrypoint(() => 2)).toThrow('already')
  })

  it('name a PORT that is no port', async () => {
    const app = new BedrockAgentCoreApp({ env: { PORT: '80a' } })
    app.entrypoint(() => 1)
    await expect(app.listen()).rejects.toThrow('PORT is "80a"')
  })

  it('let a request in flight end when the app closes', async () => {
    let release = () => {}
    const { invoke, close } = await started(
      () =>
        new Promise((resolve) => {
          release = () => resolve('done')
        }),
    )
    const answer = invoke()
    const begun = Date.now()
    await until(() => release.toString().includes('done'))
    const closed = close(10_000)
    release()
    expect(await (await answer).json()).toBe('done')
    await closed
    expect(Date.now() - begun, 'a connection kept alive must not hold the close up').toBeLessThan(2_000)
  })
})

describe('/ping', () => {
  it('is busy while a wrapped task runs and not logged', async () => {
    let end = () => {}
    const { app, ping, lines } = await started(() => 1)
    const work = app.asyncTask(() => new Promise<void>((resolve) => (end = resolve)), 'index')
    expect((await ping()).status).toBe('Healthy')
    const running = work()
    expect((await ping()).status).toBe('HealthyBusy')
    expect(app.getAsyncTaskInfo()).toEqual({ activeCount: 1, runningJobs: [{ name: 'index', duration: expect.any(Number) }] })
    end()
    await running
    expect((await ping()).status).toBe('Healthy')
    expect(lines.map(({ message }) => message)).toEqual(['listening'])
  })

  it('lets an async handler decide, forced status first, and falls back when the handler throws', async () => {
    let mood = async (): Promise<'HealthyBusy'> => 'HealthyBusy'
    const { app, ping } = await started(
      () => 1,
      (app) => app.ping(() => mood()),
    )
    expect((await ping()).status).toBe('HealthyBusy')
    app.forcePingStatus('Healthy')
    expect((await ping()).status).toBe('Healthy')
    app.clearForcedPingStatus()
    mood = async () => {
      throw new Error('no mood')
    }
    expect((await ping()).status).toBe('Healthy')
    const taskId = app.addAsyncTask('t')
    expect((await ping()).status).toBe('HealthyBusy')
    expect([app.completeAsyncTask(taskId), app.completeAsyncTask(taskId)]).toEqual([true, false])
  })
})

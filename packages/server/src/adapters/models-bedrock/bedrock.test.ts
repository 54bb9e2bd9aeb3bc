import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { ConverseStreamOutput } from '@agentworks/model'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelRequest } from '#ports/model-provider.js'
import { bedrockModels } from './index.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
)

function frame(kind: 'event' | 'exception', name: string, body: object): Uint8Array {
  const text = (value: string) => ({ type: 'string' as const, value })
  const headers = { ':message-type': text(kind), [`:${kind}-type`]: text(name), ':content-type': text('application/json') }
  return codec.encode({ headers, body: Buffer.from(JSON.stringify(body)) })
}

const frames =
  (...parts: Uint8Array[]) =>
  (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' })
    for (const part of parts) stream.write(part)
    stream.end()
  }

const failure = (status: number, type: string, message: string) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': status, 'content-type': 'application/json', 'x-amzn-errortype': type })
  stream.end(JSON.stringify({ message }))
}

/** AWS's endpoint as the stock client meets it: HTTP/2 in clear text. */
async function endpoint(answer: (stream: ServerHttp2Stream) => void) {
  const asked: { path: string; authorization: string; body: unknown }[] = []
  const server: Http2Server = createServer()
  server.on('stream', async (stream, headers) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    asked.push({ path: String(headers[':path']), authorization: String(headers.authorization), body: JSON.parse(Buffer.concat(chunks).toString()) })
    answer(stream)
  })
  server.on('sessionError', () => {})
  server.on('session', (session) => closing.push(() => session.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return { asked, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` }
}

const credentials = { accessKeyId: 'AKIATHEIRS', secretAccessKey: 'secret' }
const hello: ModelRequest = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] }

async function converse(url: string, request = hello) {
  const seen: ConverseStreamOutput[] = []
  const model = bedrockModels({ region: 'eu-west-1', credentials, endpoint: url })
  for await (const event of model.converse('us.amazon.nova-lite-v1:0', request, new AbortController().signal)) seen.push(event)
  return seen
}

describe('bedrock', () => {
  it('passes request and events on as they are', async () => {
    const events: ConverseStreamOutput[] = [
      { messageStart: { role: 'assistant' } },
      { contentBlockStart: { start: { toolUse: { toolUseId: 't', name: 'add' } }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { toolUse: { input: '{}' } }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 }, metrics: { latencyMs: 4 } } },
    ]
    const { asked, url } = await endpoint(
      frames(...events.flatMap((event) => Object.entries(event).map(([name, body]) => frame('event', name, body)))),
    )
    const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1' }
    expect(await converse(url, { ...hello, guardrailConfig })).toEqual(events)
    expect(asked[0]).toMatchObject({
      path: '/model/us.amazon.nova-lite-v1%3A0/converse-stream',
      authorization: expect.stringMatching(/AKIATHEIRS\/\d+\/eu-west-1\/bedrock/),
      body: { ...hello, guardrailConfig },
    })
  })

  it.each([
    ['a rate limit', failure(429, 'ThrottlingException', 'slow down'), 'ThrottlingException', 'slow down'],
    ['a bad request', failure(400, 'ValidationException', 'bad field'), 'ValidationException', 'bad field'],
    ['a refused key', failure(403, 'UnrecognizedClientException', 'The key AKIATHEIRS is invalid'), 'AccessDeniedException', 'credentials'],
    ['an outage', failure(500, 'InternalServerException', 'oops'), 'ModelErrorException', 'oops'],
    ['an error of no known name', failure(500, 'Strange', 'oops'), 'ModelErrorException', '500'],
    [
      'an exception in the middle',
      frames(frame('event', 'messageStart', { role: 'assistant' }), frame('exception', 'throttlingException', { message: 'slow down' })),
      'ThrottlingException',
      'slow down',
    ],
    [
      'bytes that are no events',
      (stream: ServerHttp2Stream) => frames(Buffer.from('<html>no events here at all</html>'))(stream),
      'ModelErrorException',
      'no events',
    ],
  ])('answers %s as Bedrock does, asking once', async (_what, answer, code, words) => {
    const { asked, url } = await endpoint(answer)
    const error = await converse(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'ServiceError', code, message: expect.stringContaining(words) })
    expect(String(error)).not.toContain('AKIATHEIRS')
    expect(asked).toHaveLength(1)
  })

  it('does not follow AWS_ENDPOINT_URL, which would lead back to us', async () => {
    const ours = await endpoint(failure(500, 'Strange', 'asked itself'))
    const theirs = await endpoint(frames(frame('event', 'messageStart', { role: 'assistant' })))
    const before = process.env.AWS_ENDPOINT_URL
    process.env.AWS_ENDPOINT_URL = ours.url
    try {
      await converse(theirs.url)
    } finally {
      if (before === undefined) delete process.env.AWS_ENDPOINT_URL
      else process.env.AWS_ENDPOINT_URL = before
    }
    expect([ours.asked.length, theirs.asked.length]).toEqual([0, 1])
  })

  it('says when nobody is there', async () => {
    await expect(converse('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ServiceUnavailableException' })
  })
})

import type { ConverseStreamOutput } from '@agentworks/model'
import { describe, expect, it } from 'vitest'
import { offlineModel } from '#adapters/models-offline/index.js'
import { systemClock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import type { ModelProvider } from '#ports/model-provider.js'
import { detectProvider, type ModelsOptions, models } from './index.js'

const offline = offlineModel({ now: () => 0 })
const hello = [{ role: 'user' as const, content: [{ text: 'hello' }] }]

function context(signal = new AbortController().signal): Context {
  return {
    account: '000000000000',
    region: 'us-east-1',
    requestId: 'r',
    headers: {},
    caller: { account: '000000000000', region: 'us-east-1', kind: 'root', accessKeyId: 'k', principalArn: 'p' },
    signal,
  }
}

/** A provider of its own, spelled out: what it was asked for, and every event under the test's control. */
function scripted(events: (signal: AbortSignal) => AsyncGenerator<ConverseStreamOutput>) {
  const asked: string[] = []
  const provider: ModelProvider = {
    name: 'openai',
    converse(modelId, _request, signal) {
      asked.push(modelId)
      return events(signal)
    },
  }
  return { asked, provider }
}

const text = (words: string): ConverseStreamOutput => ({ contentBlockDelta: { delta: { text: words }, contentBlockIndex: 0 } })
const ending: ConverseStreamOutput[] = [
  { messageStop: { stopReason: 'end_turn' } },
  { metadata: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: { latencyMs: 3 } } },
]

function service(options: Partial<ModelsOptions> = {}) {
  return models({ clock: systemClock, providers: { offline }, fallback: { provider: 'offline', model: 'offline' }, ...options })
}

describe('Converse', () => {
  it('is the sum of ConverseStream', async () => {
    const { provider } = scripted(async function* () {
      yield { messageStart: { role: 'assistant' } }
      yield { contentBlockDelta: { delta: { reasoningContent: { text: 'hm' } }, contentBlockIndex: 0 } }
      yield { contentBlockDelta: { delta: { reasoningContent: { signature: 's' } }, contentBlockIndex: 0 } }
      yield { contentBlockDelta: { delta: { text: 'He' }, contentBlockIndex: 1 } }
      yield { contentBlockDelta: { delta: { text: 'llo' }, contentBlockIndex: 1 } }
      yield { contentBlockStart: { start: { toolUse: { toolUseId: 't', name: 'add' } }, contentBlockIndex: 2 } }
      yield { contentBlockDelta: { delta: { toolUse: { input: '{"a"' } }, contentBlockIndex: 2 } }
      yield { contentBlockDelta: { delta: { toolUse: { input: ':1}' } }, contentBlockIndex: 2 } }
      yield { contentBlockStart: { start: { toolUse: { toolUseId: 'u', name: 'none' } }, contentBlockIndex: 3 } }
      yield* ending
    })
    const answer = await service({ providers: { offline, openai: provider } }).Converse(context(), { modelId: 'openai:x', messages: hello })
    expect(answer).toEqual({
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
            { text: 'Hello' },
            { toolUse: { toolUseId: 't', name: 'add', input: { a: 1 } } },
            { toolUse: { toolUseId: 'u', name: 'none', input: {} } },
          ],
        },
      },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 3 },
    })
  })

  it('fails when the provider stops half way instead of answering half', async () => {
    const { provider } = scripted(async function* () {
      yield text('Hal')
    })
    const answer = service({ providers: { offline, openai: provider } }).Converse(context(), { modelId: 'openai:x', messages: hello })
    await expect(answer).rejects.toMatchObject({ code: 'ModelErrorException' })
  })
})

describe('ConverseStream', () => {
  it('passes each event on when it is there', async () => {
    const firstSeen = Promise.withResolvers<void>()
    const { provider } = scripted(async function* () {
      yield text('one')
      await firstSeen.promise
      yield text('two')
      yield* ending
    })
    const { stream } = await service({ providers: { offline, openai: provider } }).ConverseStream(context(), { modelId: 'openai:x', messages: hello })
    const seen: ConverseStreamOutput[] = []
    for await (const event of stream ?? []) {
      seen.push(event)
      firstSeen.resolve()
    }
    expect(seen).toEqual([text('one'), text('two'), ...ending])
  })

  it('fails as a whole before the first event, in the stream after it', async () => {
    const throttled = new ServiceError('ThrottlingException', 'slow down')
    const early = scripted(async function* () {
      yield* []
      throw throttled
    })
    await expect(service({ providers: { offline, openai: early.provider } }).ConverseStream(context(), { modelId: 'openai:x' })).rejects.toBe(
      throttled,
    )

    const late = scripted(async function* () {
      yield text('one')
      throw new ServiceError('ModelErrorException', 'broken', { members: { originalStatusCode: 500 } })
    })
    const { stream } = await service({ providers: { offline, openai: late.provider } }).ConverseStream(context(), { modelId: 'openai:x' })
    const iterator = stream?.[Symbol.asyncIterator]()
    expect((await iterator?.next())?.value).toEqual(text('one'))
    await expect(iterator?.next()).rejects.toMatchObject({
      code: 'ModelStreamErrorException',
      members: { originalStatusCode: 500, originalMessage: 'broken' },
    })
  })

  it.each(['before the first word', 'between two'])('ends a silence %s with a timeout and aborts the provider', async (when) => {
    let aborted = false
    const { provider } = scripted(async function* (signal) {
      if (when === 'between two') yield text('one')
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted = true
    })
    const answer = service({ providers: { offline, openai: provider }, silenceMs: 20 }).Converse(context(), { modelId: 'openai:x' })
    await expect(answer).rejects.toMatchObject({ code: when === 'between two' ? 'ModelStreamErrorException' : 'ModelTimeoutException' })
    await expect.poll(() => aborted).toBe(true)
  })

  it('aborts the provider when the client leaves, or stops reading', async () => {
    let aborted = 0
    const { provider } = scripted(async function* (signal) {
      signal.addEventListener('abort', () => (aborted += 1))
      yield text('one')
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    })
    const { ConverseStream } = service({ providers: { offline, openai: provider } })
    const client = new AbortController()
    const left = await ConverseStream(context(client.signal), { modelId: 'openai:x' })
    const iterator = left.stream?.[Symbol.asyncIterator]()
    await iterator?.next()
    client.abort(new Error('left'))
    await expect(iterator?.next()).rejects.toThrow('left')
    expect(aborted).toBe(1)

    const unread = await ConverseStream(context(), { modelId: 'openai:x' })
    for await (const _ of unread.stream ?? []) break
    await expect.poll(() => aborted).toBe(2)
  })
})

describe('a model id', () => {
  const answering = () =>
    scripted(async function* () {
      yield* ending
    })

  it('names its provider, or goes through the map, or to the default', async () => {
    const { asked, provider } = answering()
    const { Converse } = service({
      providers: { offline, openai: provider },
      map: { 'us.amazon.nova-lite-v1:0': 'openai:mapped' },
      fallback: { provider: 'openai', model: 'by-default' },
    })
    for (const modelId of ['openai:gpt:x', 'us.amazon.nova-lite-v1:0', 'anthropic.claude-v2:1'])
      await Converse(context(), { modelId, messages: hello })
    expect(asked).toEqual(['gpt:x', 'mapped', 'by-default'])
    const answer = await Converse(context(), { modelId: 'offline', messages: hello })
    expect(answer.output.message.content[0]?.text).toContain('[offline model]')
  })

  it('goes as it is to a default provider that knows the same ids', async () => {
    const { asked, provider } = answering()
    await service({ providers: { offline, bedrock: provider }, fallback: { provider: 'bedrock' } }).Converse(context(), {
      modelId: 'us.amazon.nova-lite-v1:0',
    })
    expect(asked).toEqual(['us.amazon.nova-lite-v1:0'])
  })

  it.each([
    ['anthropic:claude', /ANTHROPIC_API_KEY/],
    ['google:gemini', /google.*not executed/],
  ])('%s is refused with the way out', async (modelId, words) => {
    const error = await service()
      .Converse(context(), { modelId, messages: hello })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(words) })
  })

  it('in a map that leads nowhere stops the start', () => {
    expect(() => service({ map: { a: 'nowhere' } })).toThrow('sends a to nowhere')
  })
})

describe('the environment', () => {
  const aws = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' }
  it.each([
    [{}, 'offline', 'offline'],
    [{ AGENTWORKS_MODEL: 'ollama:qwen3:8b', ANTHROPIC_API_KEY: 'a' }, 'ollama', 'qwen3:8b'],
    [{ AGENTWORKS_MODEL: 'offline', ANTHROPIC_API_KEY: 'a' }, 'offline', 'offline'],
    [{ ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o', OLLAMA_HOST: 'h', ...aws }, 'anthropic', expect.any(String)],
    [{ OPENAI_API_KEY: 'o', OLLAMA_HOST: 'h', ...aws }, 'openai', expect.any(String)],
    [{ OLLAMA_HOST: 'h', ...aws }, 'ollama', expect.any(String)],
    [aws, 'bedrock', undefined],
    [{ AWS_PROFILE: 'dev' }, 'bedrock', undefined],
    [{ ...aws, AWS_ENDPOINT_URL: 'http://127.0.0.1:4680' }, 'offline', 'offline'],
    [{ ...aws, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://localhost:4680' }, 'offline', 'offline'],
  ])('%j shows %s', (env, provider, model) => {
    expect(detectProvider(env)).toMatchObject({ provider, reason: expect.stringMatching(/./) })
    expect(detectProvider(env).model).toEqual(model)
  })

  it('with an AGENTWORKS_MODEL of no known provider is an error that names them', () => {
    expect(() => detectProvider({ AGENTWORKS_MODEL: 'gpt-5' })).toThrow(/"gpt-5".*openai/)
  })

  it('never tells a key in its reason', () => {
    expect(detectProvider({ OPENAI_API_KEY: 'sk-secret' }).reason).not.toContain('sk-secret')
  })
})

import type { ConverseStreamOutput } from '@agentworks/model'
import { afterEach, describe, expect, it } from 'vitest'
import { ollamaModels } from '#adapters/models-ollama/index.js'
import type { ModelProvider, ModelRequest } from '#ports/model-provider.js'
import { openAiModels } from './index.js'
import { type Answer, events, failure, type ScriptedServer, scriptedServer, silence } from './scripted-server.fixture.js'

const servers: ScriptedServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function provider(...script: Answer[]) {
  const server = await scriptedServer(...script)
  servers.push(server)
  return { server, model: openAiModels({ apiKey: 'sk-secret', baseUrl: `${server.url}/v1`, timeoutMs: 300, now: () => 0 }) }
}

async function converse(model: ModelProvider, request: ModelRequest, signal = new AbortController().signal): Promise<ConverseStreamOutput[]> {
  const seen: ConverseStreamOutput[] = []
  for await (const event of model.converse('gpt-x', request, signal)) seen.push(event)
  return seen
}

const hello: ModelRequest = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] }
const piece = (delta: object, finish_reason: string | null = null) => ({
  data: { id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] },
})
const usage = {
  data: { id: 'c', choices: [], usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15, prompt_tokens_details: { cached_tokens: 2 } } },
}
const done = { data: '[DONE]' }

describe('a chat completion', () => {
  it('streams text as Converse events, with usage and stop reason', async () => {
    const { model } = await provider(events(piece({ role: 'assistant', content: 'Hel' }), piece({ content: 'lo' }), piece({}, 'length'), usage, done))
    expect(await converse(model, hello)).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'Hel' }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'lo' }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'max_tokens' } },
      { metadata: { usage: { inputTokens: 10, outputTokens: 3, totalTokens: 15, cacheReadInputTokens: 2 }, metrics: { latencyMs: 0 } } },
    ])
  })

  it('turns tool calls into blocks, one after the other', async () => {
    const call = (index: number, id: string | undefined, name: string | undefined, text: string) =>
      piece({ tool_calls: [{ index, ...(id && { id }), function: { ...(name && { name }), arguments: text } }] })
    const script = events(
      piece({ content: 'Let me see' }),
      call(0, 'call_a', 'add', '{"a"'),
      call(0, undefined, undefined, ':1}'),
      call(1, 'call_b', 'sub', ''),
      piece({}, 'tool_calls'),
      done,
    )
    const seen = await converse((await provider(script)).model, hello)
    expect(seen.slice(3, -1)).toEqual([
      { contentBlockStart: { start: { toolUse: { toolUseId: 'call_a', name: 'add' } }, contentBlockIndex: 1 } },
      { contentBlockDelta: { delta: { toolUse: { input: '{"a"' } }, contentBlockIndex: 1 } },
      { contentBlockDelta: { delta: { toolUse: { input: ':1}' } }, contentBlockIndex: 1 } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { contentBlockStart: { start: { toolUse: { toolUseId: 'call_b', name: 'sub' } }, contentBlockIndex: 2 } },
      { contentBlockStop: { contentBlockIndex: 2 } },
      { messageStop: { stopReason: 'tool_use' } },
    ])
  })

  it('asks in the words of the protocol, tool results first', async () => {
    const { model, server } = await provider(events(piece({}, 'stop'), done))
    await converse(model, {
      system: [{ text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'add' }, { image: { format: 'png', source: { bytes: new Uint8Array([1]) } } }] },
        { role: 'assistant', content: [{ text: 'ok' }, { toolUse: { toolUseId: 't1', name: 'add', input: { a: 1 } } }] },
        { role: 'user', content: [{ text: 'and?' }, { toolResult: { toolUseId: 't1', content: [{ json: { sum: 1 } }], status: 'error' } }] },
      ],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      toolConfig: { tools: [{ toolSpec: { name: 'add', description: 'Adds', inputSchema: { json: { type: 'object' } } } }], toolChoice: { any: {} } },
      outputConfig: { effort: 'low', textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'n', schema: '{"type":"object"}' } } } },
      additionalModelRequestFields: { seed: 7, model: 'not this' },
    })
    expect(server.asked[0]?.path).toBe('/v1/chat/completions')
    expect(server.asked[0]?.body).toEqual({
      seed: 7,
      model: 'gpt-x',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'add' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AQ==' } },
          ],
        },
        { role: 'assistant', content: 'ok', tool_calls: [{ id: 't1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }] },
        { role: 'tool', tool_call_id: 't1', content: 'The tool failed: {"sum":1}' },
        { role: 'user', content: 'and?' },
      ],
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END'],
      tools: [{ type: 'function', function: { name: 'add', description: 'Adds', parameters: { type: 'object' } } }],
      tool_choice: 'required',
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
    })
  })

  it.each([
    ['a rate limit', failure(429, { error: { message: 'slow down' } }), 'ThrottlingException', 'slow down'],
    ['a bad request', failure(400, { error: { message: 'no such field' } }), 'ValidationException', 'no such field'],
    ['an unknown model', failure(404, { error: { message: 'no gpt-x' } }), 'ResourceNotFoundException', 'gpt-x'],
    ['an outage', failure(500, { error: { message: 'boom' } }), 'ModelErrorException', 'boom'],
    ['an overload', failure(503, {}), 'ServiceUnavailableException', 'overloaded'],
    ['silence', silence, 'ModelTimeoutException', 'in time'],
    ['HTML instead of events', failure(200, '<html>'), 'ModelErrorException', 'ended before'],
    ['JSON that is none', events({ data: '{"choices":[' }), 'ModelErrorException', 'not the expected JSON'],
    ['JSON of another kind', events({ data: { hello: 1 } }), 'ModelErrorException', 'no choices'],
    ['an end in the middle', events(piece({ content: 'Hel' })), 'ModelErrorException', 'ended before'],
    ['an error in the middle', events(piece({ content: 'Hel' }), { data: { error: { message: 'x' } } }), 'ModelErrorException', 'in the middle'],
    [
      'a connection cut in the middle',
      (response: Parameters<Answer>[0]) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"choices":[]}\n\n', () => response.destroy()),
      'ModelErrorException',
      'broke off',
    ],
  ] as [string, Answer, string, string][])('answers %s in the words of Bedrock, asking once', async (_what, script, code, words) => {
    const { model, server } = await provider(script)
    await expect(converse(model, hello)).rejects.toMatchObject({ name: 'ServiceError', code, message: expect.stringContaining(words) })
    expect(server.asked).toHaveLength(1)
  })

  it('never passes on what a refused key looks like', async () => {
    const { model } = await provider(failure(401, { error: { message: 'Incorrect API key provided: sk-secret' } }))
    const error = await converse(model, hello).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'AccessDeniedException', message: expect.not.stringContaining('sk-') })
  })

  it('says when nobody is there', async () => {
    const { model, server } = await provider()
    await server.close()
    await expect(converse(model, hello)).rejects.toMatchObject({ code: 'ServiceUnavailableException' })
  })

  it('lets go of the connection when the caller aborts', async () => {
    const { model, server } = await provider((response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${JSON.stringify(piece({ content: 'Hel' }).data)}\n\n`),
    )
    const abort = new AbortController()
    const iterator = model.converse('gpt-x', hello, abort.signal)[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    abort.abort(new Error('left'))
    await expect(iterator.next()).rejects.toThrow('left')
    await expect.poll(() => server.abandoned).toBe(1)
  })

  it('refuses what the protocol cannot carry, before asking', async () => {
    const { model, server } = await provider()
    await expect(converse(model, { ...hello, guardrailConfig: { guardrailIdentifier: 'g' } })).rejects.toThrow('guardrailConfig')
    const video = { video: { format: 'mp4' as const, source: { bytes: new Uint8Array() } } }
    await expect(converse(model, { messages: [{ role: 'user', content: [video] }] })).rejects.toThrow('messages.0.content.0.video')
    expect(server.asked).toHaveLength(0)
  })
})

describe('ollama', () => {
  it('is asked at its OpenAI-compatible address, without a key of ours', async () => {
    const server = await scriptedServer(events(piece({ content: 'hi' }), piece({}, 'stop'), done))
    servers.push(server)
    const model = ollamaModels({ host: server.url.replace('http://', ''), now: () => 0 })
    expect((await converse(model, hello))[1]).toEqual({ contentBlockDelta: { delta: { text: 'hi' }, contentBlockIndex: 0 } })
    expect(server.asked[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'gpt-x' } })
  })

  it('names an address that is none', () => {
    expect(() => ollamaModels({ host: 'http://:x', now: () => 0 })).toThrow('OLLAMA_HOST')
  })
})

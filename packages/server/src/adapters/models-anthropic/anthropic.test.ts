import type { ConverseStreamOutput } from '@agentworks/model'
import { afterEach, describe, expect, it } from 'vitest'
import { type Answer, events, failure, type ScriptedServer, scriptedServer, silence } from '#adapters/models-openai/scripted-server.fixture.js'
import type { ModelRequest } from '#ports/model-provider.js'
import { anthropicModels } from './index.js'

const servers: ScriptedServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function asked(script: Answer, request: ModelRequest) {
  const server = await scriptedServer(script)
  servers.push(server)
  const seen: ConverseStreamOutput[] = []
  const model = anthropicModels({ apiKey: 'sk-secret', baseUrl: server.url, timeoutMs: 300, now: () => 0 })
  const finished = (async () => {
    for await (const event of model.converse('claude-x', request, new AbortController().signal)) seen.push(event)
  })()
  const error = await finished.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { seen, error, server }
}

const hello: ModelRequest = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] }
const piece = (type: string, more: object = {}) => ({ event: type, data: { type, ...more } })
const start = piece('message_start', {
  message: { id: 'm', role: 'assistant', content: [], usage: { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 4 } },
})
const block = (index: number, content_block: object) => piece('content_block_start', { index, content_block })
const delta = (index: number, change: object) => piece('content_block_delta', { index, delta: change })
const blockStop = (index: number) => piece('content_block_stop', { index })
const end = (stop_reason: string) => [piece('message_delta', { delta: { stop_reason }, usage: { output_tokens: 7 } }), piece('message_stop')]

describe('a message', () => {
  it('streams thinking, text and a tool call as Converse events', async () => {
    const script = events(
      start,
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'sig' }),
      blockStop(0),
      block(1, { type: 'text', text: '' }),
      piece('ping'),
      delta(1, { type: 'text_delta', text: 'Hi' }),
      blockStop(1),
      block(2, { type: 'tool_use', id: 'toolu_1', name: 'add', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      blockStop(2),
      ...end('tool_use'),
    )
    const { seen, error } = await asked(script, hello)
    expect(error).toBeUndefined()
    expect(seen).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { reasoningContent: { text: 'hm' } }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { reasoningContent: { signature: 'sig' } }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'Hi' }, contentBlockIndex: 1 } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { contentBlockStart: { start: { toolUse: { toolUseId: 'toolu_1', name: 'add' } }, contentBlockIndex: 2 } },
      { contentBlockDelta: { delta: { toolUse: { input: '{"a":1}' } }, contentBlockIndex: 2 } },
      { contentBlockStop: { contentBlockIndex: 2 } },
      { messageStop: { stopReason: 'tool_use' } },
      {
        metadata: {
          usage: { inputTokens: 10, outputTokens: 7, totalTokens: 21, cacheReadInputTokens: 4, cacheWriteInputTokens: 0 },
          metrics: { latencyMs: 0 },
        },
      },
    ])
  })

  it('asks in the words of the API, cache points as marks', async () => {
    const { server } = await asked(events(start, ...end('end_turn')), {
      system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
      messages: [
        { role: 'user', content: [{ text: 'add' }] },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 'sig' } } },
            { toolUse: { toolUseId: 't1', name: 'add', input: { a: 1 } } },
          ],
        },
        { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'no' }], status: 'error' } }] },
      ],
      inferenceConfig: { temperature: 0.5, stopSequences: ['END'] },
      toolConfig: { tools: [{ toolSpec: { name: 'add', inputSchema: { json: { type: 'object' } } } }], toolChoice: { tool: { name: 'add' } } },
      outputConfig: { effort: 'low' },
    })
    expect(server.asked[0]).toMatchObject({ method: 'POST', path: '/v1/messages' })
    expect(server.asked[0]?.body).toEqual({
      model: 'claude-x',
      stream: true,
      max_tokens: 8192,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'add' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'sig' },
            { type: 'tool_use', id: 't1', name: 'add', input: { a: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'no' }], is_error: true }] },
      ],
      temperature: 0.5,
      stop_sequences: ['END'],
      tools: [{ name: 'add', input_schema: { type: 'object' } }],
      tool_choice: { type: 'tool', name: 'add' },
      output_config: { effort: 'low' },
    })
  })

  const errorOf = (type: string, message = 'words') => ({ type: 'error', error: { type, message } })
  it.each([
    ['a rate limit', failure(429, errorOf('rate_limit_error')), 'ThrottlingException', 'words'],
    ['a bad request', failure(400, errorOf('invalid_request_error')), 'ValidationException', 'words'],
    ['a refused key', failure(401, errorOf('authentication_error', 'sk-secret')), 'AccessDeniedException', 'credentials'],
    ['an outage', failure(500, errorOf('api_error')), 'ModelErrorException', 'words'],
    ['an overload', failure(529, errorOf('overloaded_error')), 'ServiceUnavailableException', 'overloaded'],
    ['silence', silence, 'ModelTimeoutException', 'in time'],
    [
      'an overload in the middle',
      events(start, piece('error', { error: { type: 'overloaded_error', message: 'x' } })),
      'ServiceUnavailableException',
      'overloaded',
    ],
    ['an end in the middle', events(start), 'ModelErrorException', 'ended before'],
    ['JSON that is none', events({ event: 'message_start', data: '{"type":' }), 'ModelErrorException', 'not the expected JSON'],
    [
      'a piece without its parts',
      events({ event: 'message_start', data: { type: 'message_start' } }),
      'ModelErrorException',
      'not the expected JSON',
    ],
  ] as [string, Answer, string, string][])('answers %s in the words of Bedrock, asking once', async (_what, script, code, words) => {
    const { error, server } = await asked(script, hello)
    expect(error).toMatchObject({ name: 'ServiceError', code, message: expect.stringContaining(words) })
    expect(String(error)).not.toContain('sk-secret')
    expect(server.asked).toHaveLength(1)
  })

  it('refuses by name what the API cannot carry here', async () => {
    const { error, server } = await asked(silence, { messages: [{ role: 'user', content: [{ document: { name: 'd', source: { text: 'x' } } }] }] })
    expect(String(error)).toContain('messages.0.content.0.document')
    expect(server.asked).toHaveLength(0)
  })
})

import { randomUUID } from 'node:crypto'
import type { BedrockRuntime, ConverseStreamOutput } from '@agentworks/model'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '#ports/model-provider.js'
import { offlineModel } from './index.js'

const model = offlineModel({ now: () => 0 })

type Properties = Record<string, unknown>

function tool(name: string, description: string, properties: Properties, required = Object.keys(properties)): BedrockRuntime.Tool {
  return { toolSpec: { name, description, inputSchema: { json: { type: 'object', properties, required } } } }
}

async function eventsOf(request: ModelRequest): Promise<ConverseStreamOutput[]> {
  const events: ConverseStreamOutput[] = []
  for await (const event of model.converse('offline', request, new AbortController().signal)) events.push(event)
  return events
}

async function answer(request: ModelRequest) {
  const events = await eventsOf(request)
  const deltas = events.flatMap(({ contentBlockDelta }) => (contentBlockDelta ? [contentBlockDelta.delta] : []))
  const name = events.find(({ contentBlockStart }) => contentBlockStart)?.contentBlockStart?.start.toolUse?.name
  const json = deltas.map(({ toolUse }) => toolUse?.input ?? '').join('')
  return {
    text: deltas.map(({ text }) => text ?? '').join(''),
    call: name === undefined ? undefined : { name, input: JSON.parse(json) as unknown },
    stopReason: events.find(({ messageStop }) => messageStop)?.messageStop?.stopReason,
    usage: events.at(-1)?.metadata?.usage,
    pieces: deltas.length,
  }
}

const user = (text: string): BedrockRuntime.Message => ({ role: 'user', content: [{ text }] })
const ask = (text: string, tools: BedrockRuntime.Tool[] = [], more: Partial<ModelRequest> = {}) =>
  answer({ messages: [user(text)], ...(tools.length > 0 && { toolConfig: { tools } }), ...more })

const builder = [
  tool(
    'deploy_agent',
    'Create and deploy a new agent. Waits until it is ready.',
    {
      name: { type: 'string', description: 'Name of the agent', pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,47}$' },
      purpose: { type: 'string', description: 'What the agent is for' },
      systemPrompt: { type: 'string', description: 'The system prompt of the agent' },
      tools: {
        type: 'array',
        items: { type: 'string', enum: ['calculator', 'current_time', 'http_request'] },
        description: 'Tools the agent needs: calculator for arithmetic, current_time for dates',
      },
    },
    ['name', 'purpose', 'systemPrompt'],
  ),
  tool('list_agents', 'List the deployed agents with their status.', {}),
  tool('get_agent', 'Show the details of one agent by its name.', { name: { type: 'string' } }),
  tool('invoke_agent', 'Send a prompt to a deployed agent and return what it answers.', {
    name: { type: 'string', description: 'Name of the agent' },
    prompt: { type: 'string', description: 'What to ask it' },
  }),
]
const calculator = tool('calculator', 'Evaluates an arithmetic expression.', { expression: { type: 'string', description: 'e.g. 1 + 2' } })
const weather = tool(
  'get_weather',
  'Current weather of a city',
  { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  ['city'],
)
const email = tool('send_email', 'Sends an email message', { to: { type: 'string' }, subject: { type: 'string' }, body: { type: 'string' } })
const order = tool('lookup_order', 'Finds an order and its delivery status', { orderId: { type: 'string', description: 'as ORD-1' } })
const convert = tool('convert_units', 'Converts a length between units', {
  value: { type: 'number' },
  from: { type: 'string', enum: ['km', 'miles', 'meters'] },
  to: { type: 'string', enum: ['km', 'miles', 'meters'] },
})
const book = tool(
  'book_table',
  'Reserves a table in a restaurant',
  { restaurant: { type: 'string' }, guests: { type: 'integer', minimum: 1, maximum: 20 }, outdoor: { type: 'boolean' }, date: { type: 'string' } },
  ['restaurant', 'guests'],
)
const arithmetic = tool('arithmetic', 'Does arithmetic on two numbers', {
  operation: { type: 'string', enum: ['add', 'subtract', 'multiply', 'divide'] },
  a: { type: 'number' },
  b: { type: 'number' },
})
const all = [calculator, weather, email, order, convert, book]

describe('the builder', () => {
  it('is asked for an agent and deploys it with its name, purpose and prompt', async () => {
    const { call, stopReason } = await ask('Create an agent called GreeterBot that welcomes users', builder)
    expect(call).toEqual({
      name: 'deploy_agent',
      input: { name: 'GreeterBot', purpose: 'welcomes users', systemPrompt: 'You are GreeterBot, an agent that welcomes users.' },
    })
    expect(stopReason).toBe('tool_use')
  })

  it('gives it the tool that the purpose speaks of', async () => {
    const { call } = await ask('Create an agent called MathBot that can calculate', builder)
    expect(call).toMatchObject({ name: 'deploy_agent', input: { name: 'MathBot', purpose: 'can calculate', tools: ['calculator'] } })
  })

  it.each([
    ['list my agents', 'list_agents', {}],
    ['Please show me all agents', 'list_agents', {}],
    ['ask GreeterBot to say hello', 'invoke_agent', { name: 'GreeterBot', prompt: 'say hello' }],
    ['Ask MathBot: what is 42 * 137?', 'invoke_agent', { name: 'MathBot', prompt: 'what is 42 * 137?' }],
    ['build me a new agent named "Order_Desk" which tracks orders', 'deploy_agent', { name: 'Order_Desk', purpose: 'tracks orders' }],
    ['Which agents are there?', 'list_agents', {}],
    ['show me GreeterBot', 'get_agent', { name: 'GreeterBot' }],
    ['make me an agent named Abacus which does arithmetic', 'deploy_agent', { name: 'Abacus', tools: ['calculator'] }],
    ['Please build an assistant that translates text into French', 'deploy_agent', { name: 'TranslatesTextAgent' }],
    ['I want an agent that tells jokes, please create it', 'deploy_agent', { name: 'TellsJokesAgent' }],
  ])('understands %j', async (text, name, input) => {
    expect((await ask(text, builder)).call).toMatchObject({ name, input })
  })
})

describe('instructions that name what it cannot do', () => {
  const system = [{ text: 'You are the builder.\nYou cannot delete agents; people do that with: agentworks agents delete NAME' }]

  it.each(['delete PirateBot', 'Please remove PirateBot', 'can you delete the agent PirateBot?'])('are what it answers to %j', async (text) => {
    const said = await ask(text, builder, { system })
    expect(said.text).toBe('[offline model] I cannot delete agents; people do that with: agentworks agents delete PirateBot')
    expect(said.call).toBeUndefined()
  })

  it('stop nothing else', async () => {
    expect((await ask('show me PirateBot', builder, { system })).call?.name).toBe('get_agent')
    expect((await ask('Create an agent called Eraser that can delete files', builder, { system })).call?.name).toBe('deploy_agent')
  })
})

describe('made-up tools', () => {
  it.each([
    ['what is 42 * 137?', 'calculator', { expression: '42 * 137' }],
    ['Compute (1 + 2) * 3.5 for me.', 'calculator', { expression: '(1 + 2) * 3.5' }],
    ['how much is 6 times 7', 'calculator', { expression: '6 * 7' }],
    ["What's the weather in New York?", 'get_weather', { city: 'New York' }],
    ['weather for Paris in fahrenheit', 'get_weather', { city: 'Paris', unit: 'fahrenheit' }],
    [
      'Send an email to bob@example.com with subject "Lunch" saying "See you at noon"',
      'send_email',
      { to: 'bob@example.com', subject: 'Lunch', body: 'See you at noon' },
    ],
    ['Where is my order ORD-1234?', 'lookup_order', { orderId: 'ORD-1234' }],
    ['convert 10 km to miles', 'convert_units', { value: 10, from: 'km', to: 'miles' }],
    ['How many meters are 2.5 miles? Please convert to meters', 'convert_units', { value: 2.5, from: 'miles', to: 'meters' }],
    [
      'reserve an outdoor table at Luigi for 4 guests on 2026-12-24',
      'book_table',
      { restaurant: 'Luigi', guests: 4, outdoor: true, date: '2026-12-24' },
    ],
    ['book a table: {"restaurant": "Chez Nous", "guests": 2, "other": 1}', 'book_table', { restaurant: 'Chez Nous', guests: 2 }],
  ])('are chosen and filled for %j', async (text, name, input) => {
    expect((await ask(text, all)).call).toEqual({ name, input })
  })

  it('get numbers in their order and a sign as its word', async () => {
    expect((await ask('what is 42 * 137?', [arithmetic])).call?.input).toEqual({ operation: 'multiply', a: 42, b: 137 })
  })

  it('are not called when nothing speaks for them', async () => {
    const { call, text, stopReason } = await ask('Tell me a story about dragons', all)
    expect(call).toBeUndefined()
    expect(text).toContain('Tell me a story about dragons')
    expect(text).toContain(
      'none of my tools fits that. Try: evaluates an arithmetic expression (calculator); current weather of a city (get_weather);',
    )
    expect(stopReason).toBe('end_turn')
  })

  it('are not called with made-up arguments: the answer names what is missing', async () => {
    const { call, text } = await ask('how is the weather?', all)
    expect(call).toBeUndefined()
    expect(text).toMatch(/get_weather.*city/)
  })

  it.each([
    ['numbers beyond the limits', { n: { type: 'integer', minimum: 50 } }, 'set level 7'],
    ['a fraction for an integer', { n: { type: 'integer' } }, 'set level 7.5'],
  ])('never get %s', async (_what, properties, text) => {
    expect((await ask(text, [tool('set_level', 'Sets the level', properties)])).call).toBeUndefined()
  })
})

describe('tool choice', () => {
  it('any calls the best one even when nothing fits, with plain values of the right types', async () => {
    const { call } = await ask('hm', [book], { toolConfig: { tools: [book], toolChoice: { any: {} } } })
    expect(call).toEqual({ name: 'book_table', input: { restaurant: 'hm', guests: 1 } })
  })

  it('a named tool is called, an unknown one refused', async () => {
    const named = await ask('list my agents', builder, { toolConfig: { tools: all, toolChoice: { tool: { name: 'get_weather' } } } })
    expect(named.call?.name).toBe('get_weather')
    await expect(ask('x', all, { toolConfig: { tools: all, toolChoice: { tool: { name: 'nope' } } } })).rejects.toMatchObject({
      code: 'ValidationException',
    })
  })
})

function afterCall(
  text: string,
  name: string,
  input: unknown,
  toolResult: Omit<BedrockRuntime.ToolResultBlock, 'toolUseId'>,
): BedrockRuntime.Message[] {
  return [
    user(text),
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name, input } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't1', ...toolResult } }] },
  ]
}

describe('after a tool', () => {
  it('answers with what it found, and says that it is the offline model', async () => {
    const messages = afterCall('what is 42 * 137?', 'calculator', { expression: '42 * 137' }, { content: [{ json: { result: 5754 } }] })
    const { call, text } = await answer({ messages, toolConfig: { tools: all } })
    expect(call).toBeUndefined()
    expect(text).toContain('5754')
    expect(text).toContain('[offline model]')
  })

  it('quotes a result that comes with a summary', async () => {
    const result = { summary: 'Made Abc, version 1, READY.', agentRuntimeArn: 'arn:aws:x', version: '1' }
    for (const content of [{ json: result }, { text: JSON.stringify(result) }]) {
      const messages = afterCall('Create an agent called Abc that sings', 'deploy_agent', { name: 'Abc' }, { content: [content] })
      expect((await answer({ messages, toolConfig: { tools: builder } })).text).toBe('[offline model] Made Abc, version 1, READY.')
    }
  })

  it('says that it failed', async () => {
    const messages = afterCall('what is 1 / 0?', 'calculator', { expression: '1 / 0' }, { status: 'error', content: [{ text: 'division by zero' }] })
    const { text } = await answer({ messages, toolConfig: { tools: all } })
    expect(text).toMatch(/failed: division by zero/)
  })

  it('never makes the same call twice, not even when told to call any', async () => {
    const messages = afterCall('what is 42 * 137?', 'calculator', { expression: '42 * 137' }, { content: [{ text: '5754' }] })
    const { call, text } = await answer({ messages, toolConfig: { tools: [calculator], toolChoice: { any: {} } } })
    expect(call).toBeUndefined()
    expect(text).toContain('5754')
  })

  it('goes on to the next step of a request that has one', async () => {
    const messages = afterCall(
      'Create an agent called Abc that sings. Then list my agents',
      'deploy_agent',
      { name: 'Abc' },
      { content: [{ text: 'ready' }] },
    )
    expect((await answer({ messages, toolConfig: { tools: builder } })).call?.name).toBe('list_agents')
  })
})

describe('without tools', () => {
  it('greets when it is told to welcome users', async () => {
    const { text } = await ask('Hi there', [], { system: [{ text: 'You are GreeterBot, an agent that welcomes users.' }] })
    expect(text).toMatch(/^\[offline model\] Hello and welcome! I am GreeterBot/)
  })

  it('says what it was asked and that it has no mind', async () => {
    const { text } = await ask('Explain gravity', [], { system: [{ text: 'You are a physics teacher.' }] })
    expect(text).toMatch(/physics teacher.*Explain gravity.*only the offline rehearsal model, and I have no tools/)
  })

  it('stops at maxTokens and at a stop sequence, and counts', async () => {
    const short = await ask('Explain gravity', [], { inferenceConfig: { maxTokens: 5 } })
    expect([short.stopReason, short.usage?.outputTokens, short.text]).toEqual(['max_tokens', 5, '[offline model] You '])
    const stopped = await ask('Explain gravity', [], { inferenceConfig: { stopSequences: ['gravity'] } })
    expect(stopped.stopReason).toBe('stop_sequence')
    expect(stopped.text).not.toContain('gravity')
    expect(stopped.usage?.totalTokens).toBe((stopped.usage?.inputTokens ?? 0) + (stopped.usage?.outputTokens ?? 0))
  })

  it('streams text and tool input in several pieces, the same ones each time', async () => {
    expect((await ask('Explain gravity')).pieces).toBeGreaterThan(3)
    const request = { messages: [user('Create an agent called GreeterBot that welcomes users')], toolConfig: { tools: builder } }
    expect((await answer(request)).pieces).toBeGreaterThan(3)
    expect(await eventsOf(request)).toEqual(await eventsOf(request))
  })

  it('refuses by name what it cannot read', async () => {
    const content: BedrockRuntime.ContentBlock[] = [{ document: { name: 'a', source: { text: 'x' } } }]
    await expect(answer({ messages: [{ role: 'user', content }] })).rejects.toThrow('messages.0.content.0.document')
    await expect(ask('x', [], { additionalModelRequestFields: { k: 1 } })).rejects.toThrow('additionalModelRequestFields')
    await expect(ask('x', [], { serviceTier: { type: 'flex' } })).rejects.toThrow('serviceTier')
  })
})

describe('any text and any schema', () => {
  it('end in an answer within a second', async () => {
    const odd = [
      tool('a', '', {
        x: { $ref: '#/properties/x' },
        y: { anyOf: [{ type: 'null' }, { type: 'string', pattern: '(' }] },
        z: { type: 'array', items: {} },
      }),
      { toolSpec: { name: 'b', inputSchema: { json: null } } },
      { toolSpec: { name: 'c', inputSchema: { json: { type: 'object', properties: [], required: 'no' } } } },
    ]
    const texts = [
      '',
      ' ',
      '"',
      '((((((1',
      '{'.repeat(9_000),
      '['.repeat(5_000) + '"'.repeat(4_000),
      '1+'.repeat(9_000),
      'a-1'.repeat(4_000),
      'A '.repeat(9_000),
      `${'that '.repeat(3_000)}`,
      '\u0000\ud800',
      randomUUID().repeat(200),
    ]
    for (const text of texts) {
      for (const toolChoice of [{ auto: {} }, { any: {} }] as BedrockRuntime.ToolChoice[]) {
        const begun = performance.now()
        await ask(text, [], { toolConfig: { tools: [...odd, ...builder, ...all], toolChoice } })
        expect(performance.now() - begun, text.slice(0, 20)).toBeLessThan(1_000)
      }
    }
  })
})

describe('fields of the answer beyond Converse', () => {
  const stopOf = async (paths: string[], stopSequences: string[] = []) => {
    const events = await eventsOf({ messages: [user('Hello')], inferenceConfig: { stopSequences }, additionalModelResponseFieldPaths: paths })
    return events.find(({ messageStop }) => messageStop)?.messageStop?.additionalModelResponseFields
  }

  it('tells which sequence stopped it, where the caller looks for it, and ignores what it does not have', async () => {
    expect(await stopOf(['/delta/stop_sequence'])).toEqual({ delta: { stop_sequence: null } })
    expect(await stopOf(['/stop_sequence', '/nothing', '/delta/stop_sequence/deeper'], ['!', 'ello'])).toEqual({ stop_sequence: 'ello' })
    expect(await stopOf(['/nothing'])).toBeUndefined()
  })

  it('refuses what is no JSON Pointer', async () => {
    await expect(stopOf([''])).rejects.toThrow('additionalModelResponseFieldPaths.0: is not a JSON Pointer')
    await expect(stopOf(['/ok', 'stop_sequence'])).rejects.toThrow('additionalModelResponseFieldPaths.1')
  })
})

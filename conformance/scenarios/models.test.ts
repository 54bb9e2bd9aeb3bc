// The bedrock scope, by the stock client, which speaks HTTP/2 in clear text. The offline model answers.
import { ConverseCommand, type ConverseCommandInput, ConverseStreamCommand, type Message } from '@aws-sdk/client-bedrock-runtime'
import { afterAll, beforeAll, expect } from 'vitest'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

let platform: RunningPlatform
let clients: Clients
beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(async () => {
  clients.models.destroy()
  await removeDataDir(platform)
})

const modelId = 'anthropic.claude-sonnet-4-20250514-v1:0'
const user = (text: string): Message => ({ role: 'user', content: [{ text }] })
const multiply = {
  toolSpec: {
    name: 'calculator',
    description: 'Calculates an arithmetic expression',
    inputSchema: { json: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] } },
  },
}

const converse = (input: Partial<ConverseCommandInput>) => clients.models.send(new ConverseCommand({ modelId, messages: [user('Hello')], ...input }))

async function streamed(input: Partial<ConverseCommandInput>) {
  const { stream } = await clients.models.send(new ConverseStreamCommand({ modelId, messages: [user('Hello')], ...input }))
  const events = []
  for await (const event of stream ?? []) events.push(event)
  const deltas = events.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? [])
  return {
    kinds: events.flatMap((event) => Object.keys(event)),
    text: deltas.map(({ text }) => text ?? '').join(''),
    toolUse: events.find(({ contentBlockStart }) => contentBlockStart)?.contentBlockStart?.start?.toolUse,
    toolInput: deltas.map(({ toolUse }) => toolUse?.input ?? '').join(''),
    stopReason: events.find(({ messageStop }) => messageStop)?.messageStop?.stopReason,
    usage: events.find(({ metadata }) => metadata)?.metadata?.usage,
  }
}

scenario('models.converse', 'js', async () => {
  const system = [{ text: 'You are GreeterBot. You welcome users.' }]
  const whole = await converse({ system })
  const text = whole.output?.message?.content?.[0]?.text
  expect(text).toMatch(/^\[offline model\] .*GreeterBot/)
  expect(whole).toMatchObject({ stopReason: 'end_turn', output: { message: { role: 'assistant' } } })
  expect(whole.usage?.totalTokens).toBe((whole.usage?.inputTokens ?? 0) + (whole.usage?.outputTokens ?? 0))
  const pieces = await streamed({ system })
  expect(pieces).toMatchObject({ text, stopReason: 'end_turn', usage: whole.usage })
  expect(pieces.kinds[0]).toBe('messageStart')
  expect(pieces.kinds.slice(-2)).toEqual(['messageStop', 'metadata'])
  expect(pieces.kinds.filter((kind) => kind === 'contentBlockDelta').length).toBeGreaterThan(2)
})

scenario('models.tools', 'js', async () => {
  const question = user('What is 42 * 137?')
  const toolConfig = { tools: [multiply] }
  const asked = await converse({ messages: [question], toolConfig })
  const toolUse = asked.output?.message?.content?.find((block) => block.toolUse)?.toolUse
  expect(asked.stopReason).toBe('tool_use')
  expect(toolUse).toMatchObject({ name: 'calculator', input: { expression: '42 * 137' } })
  const result: Message = { role: 'user', content: [{ toolResult: { toolUseId: toolUse?.toolUseId, content: [{ json: { result: 5754 } }] } }] }
  const messages = [question, asked.output?.message as Message, result]
  const answered = await converse({ messages, toolConfig })
  expect(answered.stopReason).toBe('end_turn')
  expect(answered.output?.message?.content?.[0]?.text).toMatch(/5754/)

  const inPieces = await streamed({ messages: [question], toolConfig })
  expect(inPieces).toMatchObject({ stopReason: 'tool_use', toolUse: { name: 'calculator' } })
  expect(JSON.parse(inPieces.toolInput)).toEqual({ expression: '42 * 137' })
  expect((await streamed({ messages, toolConfig })).text).toMatch(/5754/)
})

scenario('models.refused', 'js', async () => {
  const invalid = { name: 'ValidationException', status: 400 }
  const refused: [Partial<ConverseCommandInput>, RegExp][] = [
    [{ guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '1' } }, /guardrailConfig/],
    [{ requestMetadata: { a: 'b' } }, /requestMetadata/],
    [{ inferenceConfig: { temperature: 2 } }, /temperature/],
    [{ inferenceConfig: { maxTokens: 0 } }, /maxTokens/],
    [{ messages: [{ role: 'nobody' as never, content: [{ text: 'x' }] }] }, /role/],
    [{ messages: [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: new Uint8Array([1]) } } }] }] }, /image/],
    [{ toolConfig: { tools: [multiply], toolChoice: { tool: { name: 'absent' } } } }, /absent/],
  ]
  for (const [input, message] of refused) {
    expect(await errorOf(converse(input)), String(message)).toMatchObject({ ...invalid, message: expect.stringMatching(message) })
    expect(await errorOf(streamed(input)), String(message)).toMatchObject({ ...invalid, message: expect.stringMatching(message) })
  }
})

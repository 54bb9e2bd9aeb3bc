import { startAgent } from '@agentworks/sdk/testing'
import { expect, test } from 'vitest'

const port = 19_000 + (process.pid % 10_000)

test('answers a message and shows its card', { timeout: 30_000 }, async () => {
  await using agent = await startAgent('dist/main.js', { port, env: { A2A_PORT: String(port) } })
  const params = { message: { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hello' }] } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params })
  const { text } = await agent.request('POST', '/', { headers: { 'content-type': 'application/json' }, body })
  expect(JSON.parse(text)).toMatchObject({ result: { role: 'agent', parts: [{ text: 'hello' }] } })
  expect(JSON.parse((await agent.request('GET', '/.well-known/agent-card.json')).text)).toMatchObject({ name: 'NAME' })
})

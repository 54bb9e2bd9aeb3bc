import { Role } from '@a2a-js/sdk'
import { ClientFactory } from '@a2a-js/sdk/client'
import { AgentEvent, type AgentExecutor } from '@a2a-js/sdk/server'
import { afterEach, expect, it } from 'vitest'
import { getContext } from '#runtime/index.js'
import { type A2AOptions, serveA2A } from './index.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const textPart = (value: string) => ({ content: { $case: 'text' as const, value }, metadata: undefined, filename: '', mediaType: 'text/plain' })

/** Says back what it hears, and in which session. */
const echo: AgentExecutor = {
  async execute({ userMessage, contextId }, bus) {
    const [part] = userMessage.parts
    const said = part?.content?.$case === 'text' ? part.content.value : ''
    const parts = [textPart(`${said} in ${getContext()?.sessionId}`)]
    bus.publish(
      AgentEvent.message({
        messageId: 'm-2',
        contextId,
        taskId: '',
        role: Role.ROLE_AGENT,
        parts,
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      }),
    )
    bus.finished()
  },
  async cancelTask() {},
}

async function serving(options: Partial<A2AOptions> = {}) {
  const warnings: string[] = []
  const quiet = () => {}
  const logger = { debug: quiet, info: quiet, warn: (message: string) => void warnings.push(message), error: quiet }
  const agentCard = { name: 'Echo', description: 'says it back' }
  const running = await serveA2A({ agentCard, executor: echo, port: 0, host: '127.0.0.1', signals: false, logger, env: {}, ...options })
  closing.push(() => running.close(0))
  return { ...running, warnings }
}

const message = {
  messageId: 'm-1',
  contextId: '',
  taskId: '',
  role: Role.ROLE_USER,
  parts: [textPart('hello')],
  metadata: undefined,
  extensions: [],
  referenceTaskIds: [],
}

it('answers the official client, found by the card', async () => {
  const { url } = await serving()
  const client = await new ClientFactory().createFromUrl(url)
  const answer = await client.sendMessage({ message, configuration: undefined, metadata: undefined, tenant: '' })
  expect(JSON.stringify(answer)).toContain('hello in ')
})

it('answers a caller of A2A 0.3, in the runtime’s session', async () => {
  const { url } = await serving()
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'message/send',
    params: { message: { kind: 'message', messageId: 'm-1', role: 'user', parts: [{ kind: 'text', text: 'hi' }] } },
  }
  const headers = { 'content-type': 'application/json', 'x-amzn-bedrock-agentcore-runtime-session-id': 's-1' }
  const answer = await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()
  expect(answer).toMatchObject({ id: 1, result: { kind: 'message', parts: [{ kind: 'text', text: 'hi in s-1' }] } })
})

it('advertises where the runtime says it is reached', async () => {
  const { url } = await serving({ env: { AGENTCORE_RUNTIME_URL: 'https://example.test/runtimes/arn/invocations/' } })
  const card = await (await fetch(`${url}/.well-known/agent-card.json`, { headers: { 'a2a-version': '1.0' } })).json()
  expect(card).toMatchObject({ name: 'Echo', supportedInterfaces: [{ url: 'https://example.test/runtimes/arn/invocations/' }, {}] })
  const old = await (await fetch(`${url}/.well-known/agent-card.json`)).json()
  expect(old).toMatchObject({ name: 'Echo', url: 'https://example.test/runtimes/arn/invocations/' })
})

it('takes its port from A2A_PORT and not from PORT, and warns that the runtime looks for it on 9000', async () => {
  const { port, url, warnings } = await serving({ port: undefined, env: { A2A_PORT: '0', PORT: '1' } })
  expect(port).toBeGreaterThan(1)
  expect(warnings).toEqual([expect.stringContaining('424')])
  expect(await (await fetch(`${url}/ping`)).json()).toMatchObject({ status: 'Healthy' })
})

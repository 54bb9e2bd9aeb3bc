import { once } from 'node:events'
import { type AbstractAgent, HttpAgent } from '@ag-ui/client'
import { type BaseEvent, EventType, type RunAgentInput } from '@ag-ui/core'
import { afterEach, expect, it } from 'vitest'
import type { RunningApp, RunOptions } from '#runtime/index.js'
import { testApp } from '#testing/index.js'
import { type AgUiAgent, agUiApp, serveAgUi } from './index.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const quiet = () => {}
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function serving(agent: AgUiAgent): Promise<RunningApp> {
  const running = await (await agUiApp(agent, { logger })).listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  return running
}

async function* hello({ threadId, runId }: RunAgentInput, { sessionId }: { sessionId?: string | undefined }): AsyncGenerator<BaseEvent> {
  const of = (type: EventType, members: object) => ({ type, ...members }) as BaseEvent
  yield of(EventType.RUN_STARTED, { threadId, runId })
  yield of(EventType.TEXT_MESSAGE_START, { messageId: 'm', role: 'assistant' })
  yield of(EventType.TEXT_MESSAGE_CONTENT, { messageId: 'm', delta: `hello from ${sessionId}` })
  yield of(EventType.TEXT_MESSAGE_END, { messageId: 'm' })
  yield of(EventType.RUN_FINISHED, { threadId, runId })
}

const input = { threadId: 't', runId: 'r', state: {}, messages: [], tools: [], context: [], forwardedProps: {} }

it('runs for the official client', async () => {
  const { url } = await serving(hello)
  const client = new HttpAgent({ url: `${url}/invocations`, headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': 's-1' } })
  const { newMessages } = await client.runAgent()
  expect(newMessages).toEqual([expect.objectContaining({ role: 'assistant', content: 'hello from s-1' })])
})

it('runs an agent of the official client library, here one that asks another', async () => {
  const { url } = await serving(hello)
  const behind: AbstractAgent = new HttpAgent({ url: `${url}/invocations` })
  const proxy = await serving(behind as unknown as AgUiAgent)
  const { newMessages } = await new HttpAgent({ url: `${proxy.url}/invocations` }).runAgent()
  expect(newMessages).toEqual([expect.objectContaining({ content: 'hello from undefined' })])
})

it('ends a run that fails with RUN_ERROR, and refuses what is no input', async () => {
  const { url } = await serving(async function* ({ threadId, runId }) {
    yield { type: EventType.RUN_STARTED, threadId, runId } as BaseEvent
    throw new Error('no model')
  })
  const post = (body: unknown) => fetch(`${url}/invocations`, { method: 'POST', body: JSON.stringify(body) })
  const answer = await post(input)
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  expect(await answer.text()).toBe(
    'data: {"type":"RUN_STARTED","threadId":"t","runId":"r"}\n\ndata: {"type":"RUN_ERROR","message":"no model","code":"INTERNAL_ERROR"}\n\n',
  )
  expect((await post({ prompt: 'hello' })).status).toBe(400)
})

it('runs over a WebSocket, one run a message, and closes with 1003 on what is no input', async () => {
  const agent = testApp(await agUiApp(hello, { logger }))
  const socket = await agent.websocket({ sessionId: 's-1' })
  const events: BaseEvent[] = []
  const finished = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      events.push(JSON.parse(String(data)))
      if (events.at(-1)?.type === EventType.RUN_FINISHED) resolve()
    })
  })
  socket.send(JSON.stringify(input))
  await finished
  expect(events.map(({ type }) => type)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
  socket.send('no json')
  expect((await once(socket, 'close'))[0]).toBe(1003)
})

it('is served on PORT until it is closed', async () => {
  const options: RunOptions = { host: '127.0.0.1' }
  const running = await serveAgUi(hello, { ...options, logger, env: { PORT: '0' } })
  expect(await (await fetch(`${running.url}/ping`)).json()).toMatchObject({ status: 'Healthy' })
  await running.close(0)
})

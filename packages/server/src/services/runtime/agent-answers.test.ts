// Answers of agents that HTTP forbids or nobody could follow, and what a caller can write into an agent's log.
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextFor, openWorld } from './world.fixture.js'

type World = Awaited<ReturnType<typeof openWorld>>
let world: World
let agentRuntimeArn: string
const runtimeSessionId = `answers-${'0'.repeat(33)}`

beforeAll(async () => {
  world = await openWorld()
  agentRuntimeArn = await world.agent(
    'odd',
    `require('node:net').createServer((socket) => socket.on('data', (piece) => {
      const asked = String(piece)
      const head = asked.includes('"reset"') ? '205 Reset Content' : asked.includes('"elsewhere"') ? '302 Found' : '200 OK'
      socket.write('HTTP/1.1 ' + head + '\\r\\ncontent-length: 4\\r\\n\\r\\nsaid')
    })).listen(8080)`,
  )
})
afterAll(() => world.close())

const invoke = (prompt: string) =>
  world.room.operations.InvokeAgentRuntime(contextFor(), {
    agentRuntimeArn,
    runtimeSessionId,
    payload: Readable.from([Buffer.from(JSON.stringify({ prompt }))]),
  })

it('passes what an agent says with a 205 on as 200: a 205 has no body', async () => {
  const { statusCode, response } = await invoke('reset')
  expect([statusCode, await text(response as Readable)]).toEqual([200, 'said'])
})

it('refuses a redirect as any other answer that is none', async () => {
  await expect(invoke('elsewhere')).rejects.toMatchObject({ code: 'RuntimeClientError', status: 424, message: expect.stringContaining('302') })
})

it('writes a command of several lines as one line of the log', async () => {
  const command = 'true\n2026-01-01 forged by a caller\u2028also forged'
  const { stream } = await world.room.operations.InvokeAgentRuntimeCommand(contextFor(), { agentRuntimeArn, runtimeSessionId, body: { command } })
  for await (const _ of stream as AsyncIterable<unknown>);
  const lines = (await world.agentLogs.read(agentRuntimeArn.split('/')[1] ?? '', { tail: 20 })).map(({ line }) => line)
  expect(lines).toContainEqual(expect.stringMatching(/^Command \S+: true\\n2026-01-01 forged by a caller\\u2028also forged$/))
})

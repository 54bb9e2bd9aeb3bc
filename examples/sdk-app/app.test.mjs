// How an agent is tested: called in this process without a port, and started as the process that will be deployed.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { InvocationFailed, startAgent, testApp } from '@agentworks/sdk/testing'
import { app } from './app.mjs'

const agent = testApp(app)

test('answers', async () => {
  assert.deepEqual(await agent.invoke({ prompt: 'hello' }, { sessionId: 's-1' }), { response: 'You said: hello', sessionId: 's-1' })
})

test('streams', async () => {
  assert.deepEqual(await agent.invoke({ prompt: 'two words', stream: true }), [{ word: 'two' }, { word: 'words' }])
})

test('refuses a payload without a prompt', async () => {
  await assert.rejects(agent.invoke({}), (error) => error instanceof InvocationFailed && error.status === 400)
})

test('is busy while it works in the background', async () => {
  assert.deepEqual(await agent.invoke({ prompt: 'x', background: true }), { status: 'started', tasks: 1 })
  assert.equal((await agent.ping()).status, 'HealthyBusy')
})

test('talks over a WebSocket', async () => {
  const socket = await agent.websocket({ sessionId: 's-1' })
  socket.send('hello')
  assert.equal(String((await once(socket, 'message'))[0]), 's-1: hello')
  socket.close()
})

test('runs as a process', async () => {
  await using running = await startAgent(`${import.meta.dirname}/main.mjs`)
  assert.deepEqual(await running.invoke({ prompt: 'hello', stream: true }), [{ word: 'hello' }])
  assert.match(running.logs(), /"message":"asked"/)
  assert.equal((await running.stop()).code, 0)
})

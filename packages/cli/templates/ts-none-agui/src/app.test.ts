import { testApp } from '@agentworks/sdk/testing'
import { expect, test } from 'vitest'
import { app } from './app.js'

test('answers a run', async () => {
  const messages = [{ id: '1', role: 'user', content: 'hello' }]
  const run = { threadId: 't', runId: 'r', messages, tools: [], context: [], state: {}, forwardedProps: {} }
  const events = await testApp(app).invoke(run)
  expect(events).toContainEqual(expect.objectContaining({ type: 'TEXT_MESSAGE_CONTENT', delta: 'You said: hello' }))
})

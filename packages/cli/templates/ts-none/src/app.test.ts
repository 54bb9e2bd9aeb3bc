import { testApp } from '@agentworks/sdk/testing'
import { expect, test } from 'vitest'
import { app } from './app.js'

const agent = testApp(app)

test('answers', async () => {
  expect(await agent.invoke({ prompt: 'hello' }, { sessionId: 's-1' })).toEqual({ response: 'You said: hello', sessionId: 's-1' })
})

test('streams', async () => {
  expect(await agent.invoke({ prompt: 'two words', stream: true })).toEqual([{ text: 'two ' }, { text: 'words ' }])
})

test('refuses a payload without a prompt', async () => {
  await expect(agent.invoke({})).rejects.toMatchObject({ status: 400 })
})

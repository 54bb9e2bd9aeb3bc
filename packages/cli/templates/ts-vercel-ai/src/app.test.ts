import { testApp } from '@agentworks/sdk/testing'
import { expect, test } from 'vitest'
import { app } from './app.js'
import { calculate } from './calculate.js'

const agent = testApp(app)

test('calculates', () => {
  expect(calculate('6 * 7')).toBe('42')
  expect(calculate('six times seven')).toBe('cannot calculate six times seven')
})

test('refuses a payload without a prompt', { timeout: 30_000 }, async () => {
  await expect(agent.invoke({})).rejects.toMatchObject({ status: 400 })
})

test.skipIf(!process.env.AWS_ENDPOINT_URL)('asks the model, which calls the tool', { timeout: 60_000 }, async () => {
  expect(JSON.stringify(await agent.invoke({ prompt: 'What is 42 * 137?' }))).toContain('5754')
})

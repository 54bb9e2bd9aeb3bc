import { expect, test } from 'vitest'
import { genericSettings } from './generic-settings.js'

const base = { AWS_REGION: 'us-east-1', AGENT_NAME: 'MathBot', AGENT_PURPOSE: 'does sums' }

test('reads its name, prompt, model and tools from the environment', () => {
  expect(
    genericSettings({
      ...base,
      SYSTEM_PROMPT: 'Do sums.',
      MODEL_ID: 'openai:gpt',
      AGENT_TOOLS: 'calculator, current_time,calculator',
      BEDROCK_AGENTCORE_MEMORY_ID: 'notes-0123456789',
    }),
  ).toEqual({
    name: 'MathBot',
    systemPrompt: 'Do sums.',
    modelId: 'openai:gpt',
    region: 'us-east-1',
    toolNames: ['calculator', 'current_time'],
    memoryId: 'notes-0123456789',
  })
})

test('makes a system prompt from name and purpose, and leaves the model to the platform', () => {
  const settings = genericSettings(base)
  expect(settings.systemPrompt).toContain('You are MathBot. Your purpose: does sums.')
  expect(settings.modelId).toBe('default')
})

test.each([
  ['GATEWAY_ID', 'gw-1'],
  ['KNOWN_AGENT_IDS', 'a,b'],
  ['ENABLE_CODE_INTERPRETER', 'true'],
  ['ENABLE_BROWSER', '1'],
  ['AGENT_MODE', 'server'],
  ['AGENT_TOOLS', 'calculator,rocket'],
])('refuses %s=%s by name, since it cannot act on it', (variable, value) => {
  expect(() => genericSettings({ ...base, [variable]: value })).toThrow(variable)
})

test('takes a feature that is switched off as absent', () => {
  expect(genericSettings({ ...base, ENABLE_BROWSER: 'false', GATEWAY_ID: '', AGENT_MODE: 'client' }).toolNames).toEqual([])
})

test('needs a Region', () => {
  expect(() => genericSettings({})).toThrow('AWS_REGION')
})

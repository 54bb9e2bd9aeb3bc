import { expect, it } from 'vitest'
import { saidIn } from './strands-envelope.js'

it.each([
  ['what was said', '{"message": {"role": "user", "content": [{"text": "I like tea"}]}, "message_id": 0}', 'I like tea'],
  [
    'not what the memory itself had put before it',
    '{"message": {"role": "user", "content": [{"text": "<user_context>old</user_context>"}, {"text": "And cake"}]}}',
    'And cake',
  ],
  [
    'a call of a tool as it is',
    '{"message": {"role": "assistant", "content": [{"toolUse": {}}]}}',
    '{"message": {"role": "assistant", "content": [{"toolUse": {}}]}}',
  ],
  ['other JSON as it is', '{"message": "hello"}', '{"message": "hello"}'],
  ['what only begins so as it is', '{"message": {oh', '{"message": {oh'],
])('%s is read', (_, text, said) => {
  expect(saidIn(text)).toBe(said)
})

import { expect, test } from 'vitest'
import { AgentFailed, answerText, repeatsWhole, textOf, toolOf } from './invocation.js'

const answer = (pieces: unknown[]) => ({
  runtimeSessionId: 's',
  statusCode: 200,
  contentType: 'text/event-stream',
  pieces: (async function* () {
    yield* pieces
  })(),
})

test('the whole answer at the end of a stream replaces its pieces', async () => {
  expect(await answerText(answer([{ tool: 'calculator' }, { text: '57' }, { text: '54' }, { response: '5754', toolCalls: [] }]))).toBe('5754')
  expect(await answerText(answer([{ text: 'a ' }, { text: 'b' }]))).toBe('a b')
})

test('an error in the stream is a failure, never a piece of the answer', async () => {
  await expect(answerText(answer([{ text: 'a' }, { error: 'the model went away' }]))).rejects.toThrow(new AgentFailed('the model went away'))
})

test('reads what agents of others say, and shows as JSON what has no text', () => {
  expect(textOf('plain')).toBe('plain')
  expect(textOf({ result: 'done' })).toBe('done')
  expect(textOf({ count: 1 })).toBe('{"count":1}')
  expect(textOf(null)).toBe('null')
  expect(textOf({ error: null, response: 'fine' })).toBe('fine')
})

test('tells a tool that starts from an answer that happens to name one', () => {
  expect(toolOf({ tool: 'calculator' })).toBe('calculator')
  expect(toolOf({ tool: 'calculator', text: 'x' })).toBeUndefined()
  expect(repeatsWhole({ response: 'x' })).toBe(true)
  expect(repeatsWhole({ text: 'x' })).toBe(false)
})

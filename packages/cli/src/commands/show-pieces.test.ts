import { expect, test } from 'vitest'
import { output } from '#core/output.js'
import { showPieces } from './show-pieces.js'

async function shown(...pieces: unknown[]): Promise<string> {
  let said = ''
  const stdout = { write: (text: string) => (said += text) }
  async function* coming() {
    yield* pieces
  }
  await showPieces(coming(), output({ stdout, stderr: { write: () => undefined } }, false))
  return said
}

test('texts run on, objects without a text stand on lines of their own', async () => {
  expect(await shown({ text: 'a ' }, { text: 'b' })).toBe('a b\n')
  expect(await shown({ step: 1 }, { step: 2 })).toBe('{"step":1}\n{"step":2}\n')
  expect(await shown({ text: 'a' }, { step: 1 }, { text: 'b' })).toBe('a\n{"step":1}\nb\n')
})

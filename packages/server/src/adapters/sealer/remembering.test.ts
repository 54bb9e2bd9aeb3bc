import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sealerContract } from '#ports/sealer.contract.js'
import { aesSealer } from './aes.js'
import { rememberingSealer } from './remembering.js'

sealerContract(() => {
  const key = randomBytes(32)
  return { sealer: rememberingSealer(aesSealer(key)), again: rememberingSealer(aesSealer(key)), other: rememberingSealer(aesSealer(randomBytes(32))) }
})

it('opens each once while it remembers it, and no more than it may keep', () => {
  const inner = aesSealer(randomBytes(32))
  let opened = 0
  const counting = (sealed: string, purpose: string) => {
    opened += 1
    return inner.open(sealed, purpose)
  }
  const sealer = rememberingSealer({ ...inner, open: counting }, 2)
  const [one = '', two = '', three = ''] = ['1', '2', '3'].map((text) => sealer.seal(text, 'a'))
  const open = (sealed: string) => sealer.open(sealed, 'a')
  expect([one, one, two, one].map(open)).toEqual(['1', '1', '2', '1'])
  expect(opened).toBe(2)
  // The third takes the place of the second, which was asked for longest ago.
  expect([three, one, two].map(open)).toEqual(['3', '1', '2'])
  expect(opened).toBe(4)
  expect(() => sealer.open(one, 'b')).toThrow('sealed')
})

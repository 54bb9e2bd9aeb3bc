import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sealerContract } from '#ports/sealer.contract.js'
import { aesSealer } from './aes.js'

sealerContract(() => {
  const key = randomBytes(32)
  return { sealer: aesSealer(key), again: aesSealer(Buffer.from(key)), other: aesSealer(randomBytes(32)) }
})

it('refuses a root key of another length', () => {
  expect(() => aesSealer(randomBytes(16))).toThrow(/32 bytes/)
})

it('still opens what the first release sealed', () => {
  const sealer = aesSealer(Buffer.alloc(32, 1), (bytes) => Buffer.alloc(bytes, 2))
  const sealedByFirstRelease = 'v1.AgICAgICAgICAgICAgICAgICAgICAgICAgICAuvLCVj22SDUgqszjBklbdnARgZy'
  expect(sealer.seal('kept', 'vault')).toBe(sealedByFirstRelease)
  expect(sealer.open(sealedByFirstRelease, 'vault')).toBe('kept')
})

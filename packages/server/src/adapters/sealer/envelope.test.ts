import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sealerContract } from '#ports/sealer.contract.js'
import { envelopeSealer, fingerprintOf } from './envelope.js'

sealerContract(() => {
  const key = randomBytes(32)
  return { sealer: envelopeSealer(key), again: envelopeSealer(Buffer.from(key)), other: withForeignKey(key) }
})

/** Another installation that claims to have the same master key: what the contract asks of others. */
function withForeignKey(key: Buffer) {
  const other = envelopeSealer(randomBytes(32))
  const fingerprint = fingerprintOf(key)
  return { ...other, open: (sealed: string, purpose: string) => other.open(sealed.replace(fingerprint, other.masterKeyId() ?? ''), purpose) }
}

it('says which master key is missing', () => {
  const sealer = envelopeSealer(Buffer.alloc(32, 1))
  const sealed = sealer.seal('secret', 'vault')
  const missing = expect.objectContaining({ code: 'no-master-key', message: expect.stringContaining(sealer.masterKeyId() ?? '?') })
  for (const without of [envelopeSealer(Buffer.alloc(32, 2)), envelopeSealer(undefined)]) expect(() => without.open(sealed, 'vault')).toThrow(missing)
  expect(() => envelopeSealer(undefined).seal('secret', 'vault')).toThrow(expect.objectContaining({ code: 'no-master-key' }))
})

it('wraps an entry anew without touching what is inside, and then needs the old master key no more', () => {
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const sealer = envelopeSealer(first)
  const before = sealer.seal('secret', 'vault')
  sealer.use(second)
  expect(sealer.open(before, 'vault')).toBe('secret')
  const after = sealer.reseal(before, 'vault')
  expect(after.split('.')[3]).toBe(before.split('.')[3])
  expect(envelopeSealer(second).open(after, 'vault')).toBe('secret')
  expect(() => sealer.reseal(before, 'other')).toThrow(expect.objectContaining({ code: 'cannot-open' }))
})

it('gives no two entries the same data key', () => {
  const sealer = envelopeSealer(Buffer.alloc(32, 1))
  const [one, other] = [sealer.seal('a', 'vault').split('.'), sealer.seal('b', 'vault').split('.')]
  const swapped = [one[0], one[1], other[2], one[3]].join('.')
  expect(() => sealer.open(swapped, 'vault')).toThrow(expect.objectContaining({ code: 'cannot-open' }))
})

it('refuses a master key of another length', () => {
  expect(() => envelopeSealer(randomBytes(16))).toThrow(/32 bytes/)
})

it('still opens what was sealed when the vault began', () => {
  const sealed =
    'v2.0523591d5d072443.6TELQQf-sKh5C0YNZAv4liwddgma64gEHq0Igl5dxuZILwL53v31BkwMpmPnP--wTHrbl0NXplfyVXzH.O2wekvgajpw80hQkFt1odZzPX9Myih5pfTU-n-qspDQ'
  expect(envelopeSealer(Buffer.alloc(32, 1)).open(sealed, 'vault')).toBe('kept')
})

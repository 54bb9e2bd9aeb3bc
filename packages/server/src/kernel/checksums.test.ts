import { describe, expect, it } from 'vitest'
import { checksum, checksumAlgorithms, checksumBytes } from './checksums.js'

/** The check values that the definitions of these algorithms publish for the text 123456789. */
const published = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
}

describe('a checksum', () => {
  it.each(checksumAlgorithms)('%s gives its published check value, in one piece and in many', (algorithm) => {
    const whole = checksum(algorithm)
    whole.update(Buffer.from('123456789'))
    const pieces = checksum(algorithm)
    for (const letter of '123456789') pieces.update(Buffer.from(letter))
    const digest = whole.digest()
    expect(digest.toString('hex')).toBe(published[algorithm])
    expect(pieces.digest()).toEqual(digest)
    expect(digest).toHaveLength(checksumBytes[algorithm])
  })
})

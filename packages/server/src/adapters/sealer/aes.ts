// AES-256-GCM under a key of its own for every seal, derived from the root key: no nonce can meet the same key twice, and a seal
// for one purpose is no seal for another.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { PortError } from '#kernel/errors.js'
import type { Sealer } from '#ports/sealer.js'

// v1.<base64url of: salt 16, nonce 12, tag 16, ciphertext>
const version = 'v1.'
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16
const headBytes = saltBytes + nonceBytes + tagBytes
const cipherName = 'aes-256-gcm'

export function aesSealer(rootKey: Uint8Array, random: (bytes: number) => Buffer = randomBytes): Sealer {
  if (rootKey.length !== 32) throw new PortError('sealer', 'bad-key', 'the root key must have 32 bytes')
  // Keys as objects: each use of the bytes themselves costs 10 µs more.
  const root = createSecretKey(rootKey)
  const keyFor = (purpose: string, salt: Uint8Array) =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', root, salt, `agentworks seal ${purpose}`, 32)))

  return {
    seal(plaintext, purpose) {
      const salt = random(saltBytes)
      const nonce = random(nonceBytes)
      const cipher = createCipheriv(cipherName, keyFor(purpose, salt), nonce).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return version + Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },

    open(sealed, purpose) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
      // Decoding skips what is no base64url, so the text is compared with what the bytes would have given.
      if (bytes.length < headBytes || sealed !== version + bytes.toString('base64url')) throw cannotOpen()
      const salt = bytes.subarray(0, saltBytes)
      const nonce = bytes.subarray(saltBytes, saltBytes + nonceBytes)
      try {
        const decipher = createDecipheriv(cipherName, keyFor(purpose, salt), nonce, { authTagLength: tagBytes })
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(saltBytes + nonceBytes, headBytes))
        return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw cannotOpen(cause)
      }
    },
  }
}

/** The same words whatever the reason: which part failed would help only a forger. */
function cannotOpen(cause?: unknown): PortError {
  return new PortError('sealer', 'cannot-open', 'the sealed value was altered, or sealed by another installation or for another purpose', { cause })
}

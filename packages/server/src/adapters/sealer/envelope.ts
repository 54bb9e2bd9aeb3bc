// A data key for each seal, itself sealed by the master key: v2.<fingerprint of the master key>.<sealed data key>.<sealed text>.
// AES-256-GCM twice. A data key seals one text, so its nonce meets no other; wrappings have random nonces under one key that is
// derived from the master key, which NIST SP 800-38D allows for 2^32 of them.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { PortError } from '#kernel/errors.js'
import type { VaultSealer } from '#ports/vault-sealer.js'

const version = 'v2'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const cipherName = 'aes-256-gcm'

/** `current` seals; absent, nothing is sealed, and only what `others` wrapped is opened. */
export function envelopeSealer(current: Uint8Array | undefined, others: readonly Uint8Array[] = []): VaultSealer {
  const wrappingKeys = new Map<string, KeyObject>()
  const add = (key: Uint8Array) => {
    if (key.length !== keyBytes) throw new PortError('sealer', 'bad-key', `a master key must have ${keyBytes} bytes`)
    const id = fingerprintOf(key)
    wrappingKeys.set(id, secretKey(hkdfSync('sha256', key, '', 'agentworks vault, wrapping of data keys', keyBytes)))
    return id
  }
  others.forEach(add)
  let currentId = current && add(current)

  function wrappingKey(id: string | undefined): KeyObject {
    const found = id === undefined ? undefined : wrappingKeys.get(id)
    if (!found) throw noMasterKey(id)
    return found
  }

  return {
    masterKeyId: () => currentId,

    seal(plaintext, purpose) {
      const wrap = wrappingKey(currentId)
      const dataKey = randomBytes(keyBytes)
      return [version, currentId, encrypt(wrap, dataKey, purpose), encrypt(secretKey(dataKey), Buffer.from(plaintext, 'utf8'), purpose)].join('.')
    },

    open(sealed, purpose) {
      const { id, wrapped, text } = parts(sealed)
      return decrypt(secretKey(decrypt(wrappingKey(id), wrapped, purpose)), text, purpose).toString('utf8')
    },

    reseal(sealed, purpose) {
      const { id, wrapped, text } = parts(sealed)
      const dataKey = decrypt(wrappingKey(id), wrapped, purpose)
      return [version, currentId, encrypt(wrappingKey(currentId), dataKey, purpose), text].join('.')
    },

    isCurrent: (sealed) => parts(sealed).id === currentId,

    use(key) {
      currentId = add(key)
      return currentId
    },
  }
}

export function fingerprintOf(masterKey: Uint8Array): string {
  return createHmac('sha256', masterKey).update('agentworks master key').digest('hex').slice(0, 16)
}

function parts(sealed: string): { id: string; wrapped: string; text: string } {
  // A row that was damaged may hold anything.
  const [found, id = '', wrapped = '', text = '', ...more] = typeof sealed === 'string' ? sealed.split('.') : []
  if (found !== version || !/^[0-9a-f]{16}$/.test(id) || more.length > 0) throw cannotOpen()
  return { id, wrapped, text }
}

/** As an object: each use of the bytes themselves costs 10 µs more. */
const secretKey = (bytes: ArrayBuffer | Uint8Array) => createSecretKey(new Uint8Array(bytes))

/** base64url of: nonce 12, tag 16, ciphertext. */
function encrypt(key: KeyObject, plaintext: Uint8Array, purpose: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(cipherName, key, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

function decrypt(key: KeyObject, sealed: string, purpose: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url')
  // Decoding skips what is no base64url, so the text is compared with what the bytes would have given.
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) throw cannotOpen()
  try {
    const decipher = createDecipheriv(cipherName, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
  } catch (cause) {
    throw cannotOpen(cause)
  }
}

/** The same words whatever the reason: which part failed would help only a forger. */
function cannotOpen(cause?: unknown): PortError {
  return new PortError('sealer', 'cannot-open', 'the sealed value was altered, or sealed by another installation or for another purpose', { cause })
}

function noMasterKey(id: string | undefined): PortError {
  return new PortError(
    'sealer',
    'no-master-key',
    id === undefined ? 'the vault has no master key' : `the entry is sealed under master key ${id}, which this platform does not have`,
  )
}

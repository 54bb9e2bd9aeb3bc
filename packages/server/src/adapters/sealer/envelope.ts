// A data key for each seal, itself sealed by the master key or a customer's: v2.<fingerprint of that key>.<sealed data key>.<sealed text>.
// AES-256-GCM twice. A data key seals one text, so its nonce meets no other; wrappings have random nonces under one key that is
// derived from the master key, which NIST SP 800-38D allows for 2^32 of them.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { PortError } from '#kernel/errors.js'
import type { KmsKeys } from '#ports/kms-keys.js'
import type { VaultSealer } from '#ports/vault-sealer.js'

const version = 'v2'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const cipherName = 'aes-256-gcm'

interface WrappingKey {
  id: string
  key: KeyObject
}

/** `current` seals; absent, nothing is sealed but under customers' keys, and only what `others` wrapped is opened. */
export function envelopeSealer(
  current: Uint8Array | undefined,
  others: readonly Uint8Array[] = [],
  kmsKeys?: Pick<KmsKeys, 'symmetricKey'>,
): VaultSealer {
  const wrappingKeys = new Map<string, KeyObject>()
  const add = (key: Uint8Array) => {
    if (key.length !== keyBytes) throw new PortError('sealer', 'bad-key', `a master key must have ${keyBytes} bytes`)
    const id = fingerprintOf(key)
    wrappingKeys.set(id, derived(key, 'agentworks vault, wrapping of data keys'))
    return id
  }
  others.forEach(add)
  let currentId = current && add(current)

  function masterKey(id: string | undefined): WrappingKey {
    const key = id === undefined ? undefined : wrappingKeys.get(id)
    if (id === undefined || !key) throw noMasterKey(id)
    return { id, key }
  }

  /** Not remembered: a key that its owner takes away opens nothing from then on. */
  function customerKey(kmsKeyArn: string): WrappingKey {
    if (!kmsKeys) throw new PortError('kms-keys', 'unknown', `there are no keys of customers here, and so not ${kmsKeyArn}`)
    const key = kmsKeys.symmetricKey(kmsKeyArn)
    return { id: shortHmac(key, 'agentworks customer key'), key: derived(key, 'agentworks vault, wrapping of data keys by a customer') }
  }

  const sealing = (kmsKeyArn: string | undefined) => (kmsKeyArn === undefined ? masterKey(currentId) : customerKey(kmsKeyArn))

  function opening(id: string, kmsKeyArn: string | undefined): KeyObject {
    if (kmsKeyArn === undefined) return masterKey(id).key
    const found = customerKey(kmsKeyArn)
    if (found.id !== id) throw otherKey(kmsKeyArn)
    return found.key
  }

  return {
    masterKeyId: () => currentId,

    seal(plaintext, purpose, kmsKeyArn) {
      const { id, key } = sealing(kmsKeyArn)
      const dataKey = randomBytes(keyBytes)
      return [version, id, encrypt(key, dataKey, purpose), encrypt(secretKey(dataKey), Buffer.from(plaintext, 'utf8'), purpose)].join('.')
    },

    open(sealed, purpose, kmsKeyArn) {
      const { id, wrapped, text } = parts(sealed)
      return decrypt(secretKey(decrypt(opening(id, kmsKeyArn), wrapped, purpose)), text, purpose).toString('utf8')
    },

    reseal(sealed, purpose, { from, to } = {}) {
      const { id, wrapped, text } = parts(sealed)
      const dataKey = decrypt(opening(id, from), wrapped, purpose)
      const next = sealing(to)
      return [version, next.id, encrypt(next.key, dataKey, purpose), text].join('.')
    },

    isCurrent: (sealed) => parts(sealed).id === currentId,

    use(key) {
      currentId = add(key)
      return currentId
    },
  }
}

export function fingerprintOf(masterKey: Uint8Array): string {
  return shortHmac(masterKey, 'agentworks master key')
}

const shortHmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 16)
const derived = (key: Uint8Array, use: string) => secretKey(hkdfSync('sha256', key, '', use, keyBytes))

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

function otherKey(kmsKeyArn: string): PortError {
  return new PortError('kms-keys', 'other-key', `the entry is sealed under ${kmsKeyArn}, which was another key then; put that one back in its place`)
}

function noMasterKey(id: string | undefined): PortError {
  return new PortError(
    'sealer',
    'no-master-key',
    id === undefined ? 'the vault has no master key' : `the entry is sealed under master key ${id}, which this platform does not have`,
  )
}

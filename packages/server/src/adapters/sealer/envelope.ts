// A data key for each seal, itself sealed by the master key: v2.<fingerprint of the master key>.<sealed data key>.<sealed text>.
import { createHmac, randomBytes } from 'node:crypto'
import { PortError } from '#kernel/errors.js'
import type { Sealer } from '#ports/sealer.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { aesSealer } from './aes.js'

const version = 'v2'
const dataKeyBytes = 32
/** The wrapping of a data key is no seal for the entry's own purpose, whatever that is called. */
const keyPurpose = (purpose: string) => `data key of ${purpose}`

/** `current` seals; absent, nothing is sealed, and only what `others` wrapped is opened. */
export function envelopeSealer(current: Uint8Array | undefined, others: readonly Uint8Array[] = []): VaultSealer {
  const masters = new Map<string, Sealer>()
  const add = (key: Uint8Array) => {
    const id = fingerprintOf(key)
    masters.set(id, aesSealer(key))
    return id
  }
  others.forEach(add)
  let currentId = current && add(current)

  function master(id: string | undefined): Sealer {
    const found = id === undefined ? undefined : masters.get(id)
    if (!found) throw noMasterKey(id)
    return found
  }

  return {
    masterKeyId: () => currentId,

    seal(plaintext, purpose) {
      const wrap = master(currentId)
      const dataKey = randomBytes(dataKeyBytes)
      const wrapped = wrap.seal(dataKey.toString('base64url'), keyPurpose(purpose))
      return [version, currentId, bare(wrapped), bare(aesSealer(dataKey).seal(plaintext, purpose))].join('.')
    },

    open(sealed, purpose) {
      const { id, wrapped, text } = parts(sealed)
      const dataKey = Buffer.from(master(id).open(wrapped, keyPurpose(purpose)), 'base64url')
      return aesSealer(dataKey).open(text, purpose)
    },

    reseal(sealed, purpose) {
      const { id, wrapped, text } = parts(sealed)
      const dataKey = master(id).open(wrapped, keyPurpose(purpose))
      return [version, currentId, bare(master(currentId).seal(dataKey, keyPurpose(purpose))), bare(text)].join('.')
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

/** aesSealer's own text is `v1.…`; its dot would be one too many here. */
const innerVersion = 'v1.'
const bare = (sealed: string) => sealed.slice(innerVersion.length)

function parts(sealed: string): { id: string; wrapped: string; text: string } {
  const [found, id = '', wrapped = '', text = '', ...more] = sealed.split('.')
  if (found !== version || !/^[0-9a-f]{16}$/.test(id) || more.length > 0)
    throw new PortError('sealer', 'cannot-open', 'the sealed value was altered, or is of no form that this release knows')
  return { id, wrapped: innerVersion + wrapped, text: innerVersion + text }
}

function noMasterKey(id: string | undefined): PortError {
  return new PortError(
    'sealer',
    'no-master-key',
    id === undefined ? 'the vault has no master key' : `the entry is sealed under master key ${id}, which this platform does not have`,
  )
}

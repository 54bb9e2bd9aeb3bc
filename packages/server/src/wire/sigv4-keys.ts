// Signing keys: four chained HMACs for each key, day, Region and service. Kept, because they cost more than the rest of a check.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { AccessKey } from '#ports/callers.js'
import type { CredentialClaim } from './credential-claim.js'

const maxKept = 1024

export function signingKeys() {
  const kept = new Map<string, { secret: string; key: KeyObject }>()
  return (claim: CredentialClaim, { secretAccessKey }: AccessKey): KeyObject => {
    const name = `${claim.accessKeyId}/${claim.day}/${claim.region}/${claim.service}`
    const found = kept.get(name)
    // A key id whose secret was replaced must not be answered from before.
    if (found && found.secret === secretAccessKey) {
      kept.delete(name)
      kept.set(name, found)
      return found.key
    }
    const key = deriveKey(claim, secretAccessKey)
    kept.set(name, { secret: secretAccessKey, key })
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break
      kept.delete(oldest)
    }
    return key
  }
}

function deriveKey({ day, region, service }: CredentialClaim, secretAccessKey: string): KeyObject {
  let key = Buffer.from(`AWS4${secretAccessKey}`)
  for (const part of [day, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest()
  // A key object makes each HMAC 1.3 µs; with the bytes themselves it is 8 µs.
  return createSecretKey(key)
}

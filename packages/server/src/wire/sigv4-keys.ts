// Signing keys: four chained HMACs for each key, day, Region and service. Kept, because they cost more than the rest of a check.
import { createHmac } from 'node:crypto'
import type { AccessKey } from '#ports/callers.js'
import type { CredentialClaim } from './credential-claim.js'

const maxKept = 1024

export function signingKeys() {
  const kept = new Map<string, { secret: string; key: Buffer }>()
  return (claim: CredentialClaim, { secretAccessKey }: AccessKey): Buffer => {
    const name = `${claim.accessKeyId}/${claim.day}/${claim.region}/${claim.service}`
    const found = kept.get(name)
    // A key id whose secret was replaced must not be answered from before.
    if (found && found.secret === secretAccessKey) {
      kept.delete(name)
      kept.set(name, found)
      return found.key
    }
    const key = [claim.day, claim.region, claim.service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`) as Buffer
    kept.set(name, { secret: secretAccessKey, key })
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break
      kept.delete(oldest)
    }
    return key
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

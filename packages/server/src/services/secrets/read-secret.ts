// The value of a secret, for a caller or for another service of the platform.
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { readEntry } from '#services/vault/index.js'
import { entryId, nameOf, type SecretDocument, type SecretVersion, secrets } from './documents.js'
import { currentStage } from './versions.js'

export interface SecretValue {
  /** base64 when the version is binary. */
  value: string
  version: SecretVersion
  secret: SecretDocument
}

/** `undefined` when there is none. One that is to be deleted is found, with `deletedAt`. */
export async function findSecret(reader: Reader, clock: Clock, scope: Scope, secretId: string): Promise<SecretDocument | undefined> {
  const name = nameOf(scope, secretId)
  const secret = name === undefined ? undefined : await reader.get(secrets, scope, name)
  return secret?.deletionAt !== undefined && secret.deletionAt <= clock.now() ? undefined : secret
}

/** `undefined` when the secret, or the version that `which` chooses, does not exist or is to be deleted. */
export async function readSecret(
  { store, vaultSealer, clock }: { store: Reader; vaultSealer: VaultSealer; clock: Clock },
  scope: Scope,
  secretId: string,
  which: (version: SecretVersion) => boolean = ({ stages }) => stages.includes(currentStage),
): Promise<SecretValue | undefined> {
  const secret = await findSecret(store, clock, scope, secretId)
  const version = secret?.deletedAt === undefined ? secret?.versions.find(which) : undefined
  if (!secret || !version) return undefined
  const value = await readEntry(store, vaultSealer, scope, entryId(secret.name, version.versionId))
  return value === undefined ? undefined : { value, version, secret }
}

// A new value of a secret: AWSCURRENT moves to it, and what was current is AWSPREVIOUS.
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { dropEntry, putEntry } from '#services/vault/index.js'
import { deletions, entryId, type SecretDocument, secrets } from './documents.js'

export const currentStage = 'AWSCURRENT'
const previousStage = 'AWSPREVIOUS'

export interface NewVersion {
  versionId: string
  value: string
  isBinary: boolean
  stages: readonly string[]
}

/** Writes the secret with its new version. A version that no stage names any more is dropped, with its value. */
export async function putVersion(
  tx: Transaction,
  { vaultSealer, clock }: { vaultSealer: VaultSealer; clock: Clock },
  scope: Scope,
  secret: SecretDocument,
  { versionId, value, isBinary, stages }: NewVersion,
): Promise<SecretDocument> {
  const now = clock.now()
  const wasCurrent = stages.includes(currentStage) ? secret.versions.find((version) => version.stages.includes(currentStage)) : undefined
  const moved = new Set(wasCurrent ? [...stages, previousStage] : stages)
  const earlier = secret.versions.map((version) => ({
    ...version,
    stages: [...version.stages.filter((stage) => !moved.has(stage)), ...(version === wasCurrent ? [previousStage] : [])],
  }))
  for (const { versionId: old } of earlier.filter(isForgotten)) await dropEntry(tx, scope, entryId(secret.name, old))
  const changed: SecretDocument = {
    ...secret,
    lastChangedAt: now,
    versions: [...earlier.filter((version) => !isForgotten(version)), { versionId, stages: [...stages], createdAt: now, isBinary }],
  }
  await putEntry(tx, vaultSealer, scope, entryId(secret.name, versionId), value)
  await tx.put(secrets, scope, secret.name, changed)
  return changed
}

const isForgotten = ({ stages }: { stages: readonly string[] }) => stages.length === 0

export async function removeSecret(tx: Transaction, scope: Scope, { name, versions }: SecretDocument): Promise<void> {
  for (const { versionId } of versions) await dropEntry(tx, scope, entryId(name, versionId))
  await tx.delete(secrets, scope, name)
  await tx.delete(deletions, scope, name)
}

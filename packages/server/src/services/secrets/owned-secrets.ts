// Secrets that a service of the platform keeps: callers see them, and change them only through that service.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { type SecretDocument, secretArn, secrets } from './documents.js'
import { currentStage, putVersion, removeSecret } from './versions.js'

export interface OwnedSecret {
  name: string
  owningService: string
  value: string
}

/** Makes the secret or gives it a new value. Returns its ARN. */
export async function putOwnedSecret(
  tx: Transaction,
  ports: { vaultSealer: VaultSealer; clock: Clock; ids: Ids },
  scope: Scope,
  { name, owningService, value }: OwnedSecret,
): Promise<string> {
  const now = ports.clock.now()
  const secret: SecretDocument = (await tx.get(secrets, scope, name)) ?? { name, owningService, createdAt: now, lastChangedAt: now, versions: [] }
  await putVersion(tx, ports, scope, secret, { versionId: ports.ids.uuid(), value, isBinary: false, stages: [currentStage] })
  return secretArn(scope, name)
}

export async function dropOwnedSecret(tx: Transaction, scope: Scope, name: string): Promise<void> {
  const secret = await tx.get(secrets, scope, name)
  if (secret) await removeSecret(tx, scope, secret)
}

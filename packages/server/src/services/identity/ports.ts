// What credential providers need from the world. main.ts fills it in.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Authorizer } from '#ports/callers.js'
import type { KmsKeys } from '#ports/kms-keys.js'
import type { Store } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'

export interface CredentialProviderPorts {
  store: Store
  clock: Clock
  ids: Ids
  authorizer: Authorizer
  vaultSealer: VaultSealer
  kmsKeys: KmsKeys
  /** The platform's own URL, known once it listens: OAuth callbacks come there. */
  platformUrl(): string
}

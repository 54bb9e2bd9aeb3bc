// The token vault of this installation: its master key from where the operator keeps it, and the sealer that the key makes.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { environmentMasterKey } from '#adapters/master-key/environment.js'
import { fileMasterKey } from '#adapters/master-key/file.js'
import { kmsMasterKeys } from '#adapters/master-key/kms.js'
import { envelopeSealer, fingerprintOf } from '#adapters/sealer/envelope.js'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { KmsKeys } from '#ports/kms-keys.js'
import type { Store } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import { customerKeys, recordedMasterKey, vaultMasterKey } from '#services/vault/index.js'

export interface VaultOptions {
  env: Readonly<Record<string, string | undefined>>
  dataDir: string
  account: string
  store: Store
  clock: Clock
  ids: Ids
  log: Log
  /** Of customers. */
  kmsKeys: KmsKeys
}

export async function openVault({ env, dataDir, account, store, clock, ids, log, kmsKeys }: VaultOptions) {
  const recorded = await recordedMasterKey(store, account)
  const path = env.AGENTWORKS_MASTER_KEY_FILE || join(dataDir, 'master-key')
  const mayMake = recorded === undefined
  const kms = kmsMasterKeys(join(dataDir, 'master-key.kms'), env.AWS_ENDPOINT_URL_KMS)
  const source = (await environmentMasterKey(env, { kms, mayMake })) ?? fileMasterKey(path, { ids, mayMake })
  const keys = source.keys()
  // A key that is not the vault's must not seal beside it: half of the vault would then need one key and half the other.
  const fits = !recorded || keys.some((key) => fingerprintOf(key) === recorded.masterKeyId)
  const sealer = fits ? envelopeSealer(keys[0], keys.slice(1), kmsKeys) : envelopeSealer(undefined, keys, kmsKeys)
  const masterKey = vaultMasterKey({ store, sealer, source, account, clock, log, newKey: () => randomBytes(32) })
  await masterKey.settle()
  const customers = customerKeys({ store, sealer, log })
  await customers.settle()
  return { sealer, masterKey, customerKeys: customers }
}

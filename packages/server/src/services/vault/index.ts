// The vault's door.
export { type CustomerKeys, customerKeys } from './customer-key.js'
export { customerKeyOf } from './customer-key-record.js'
export { dropEntry, putEntry, readEntry, type VaultedEntry, vaultedEntries } from './entries.js'
export { type Rotation, recordedMasterKey, type VaultKey, vaultMasterKey } from './master-key.js'

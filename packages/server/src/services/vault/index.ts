// The vault's door.
export { dropEntry, putEntry, readEntry, type VaultedEntry, vaultedEntries } from './entries.js'
export { type Rotation, recordedMasterKey, type VaultKey, vaultMasterKey } from './master-key.js'

// The vault's door.
export { dropEntry, putEntry, readEntry } from './entries.js'

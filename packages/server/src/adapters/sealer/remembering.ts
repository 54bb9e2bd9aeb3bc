// A sealer that remembers what it opened, for what comes back with every call of an agent: opening costs more than the rest of such a call.
// Not for the vault: its secrets are in memory no longer than somebody asks for them.
import { hash } from 'node:crypto'
import type { Sealer } from '#ports/sealer.js'

export function rememberingSealer(sealer: Sealer, atMost = 1_000): Sealer {
  const opened = new Map<string, string>()
  return {
    seal: sealer.seal,
    open(sealed, purpose) {
      // By its hash: who reads the keys of this map has no token.
      const name = hash('sha256', `${purpose} ${sealed}`, 'base64')
      const found = opened.get(name) ?? sealer.open(sealed, purpose)
      // The one that was asked for last is the last to go.
      opened.delete(name)
      opened.set(name, found)
      const [oldest] = opened.keys()
      if (oldest !== undefined && opened.size > atMost) opened.delete(oldest)
      return found
    },
  }
}

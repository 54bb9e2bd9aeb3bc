// What lies in the vault, for its owner: whose it is and until when, never what it is.
import type { Reader } from '#ports/store.js'
import { type VaultedEntry, vaultedEntries } from '#services/vault/index.js'
import { tokenSessions } from './token-sessions.js'
import { vaultedTokens } from './vaulted-tokens.js'

export interface VaultEntryView extends VaultedEntry {
  kind: 'secret' | 'token' | 'session' | 'other'
  /** The secret's name, or the provider's. */
  name: string
  /** Of tokens, and of sign-ins that are under way. */
  workload?: string
  user?: string
  flow?: string
  scopes?: readonly string[]
  expiresAt?: number
}

/** In the order of Region and id; `total` counts those beyond the limit too. */
export async function vaultView(store: Reader, limit: number): Promise<{ entries: VaultEntryView[]; total: number }> {
  const all = await vaultedEntries(store)
  const entries = await Promise.all(all.slice(0, limit).map((entry) => viewOf(store, entry)))
  return { entries, total: all.length }
}

async function viewOf(store: Reader, entry: VaultedEntry): Promise<VaultEntryView> {
  const [kind = '', ...rest] = entry.id.split('/')
  if (kind === 'secret') return { ...entry, kind, name: rest.slice(0, -1).join('/') }
  const session = kind === 'session' ? await store.get(tokenSessions, entry, rest.join('/')) : undefined
  if (session) {
    const { providerName, workloadName, user, flow, scopes } = session.owner
    return {
      ...entry,
      kind: 'session',
      name: providerName,
      workload: workloadName,
      user: user || undefined,
      flow,
      scopes,
      expiresAt: session.expiresAt,
    }
  }
  const token = kind === 'token' ? await store.get(vaultedTokens, entry, rest.join('/')) : undefined
  if (!token) return { ...entry, kind: 'other', name: kind }
  const { providerName, workloadName, user, flow, scopes, expiresAt } = token
  return { ...entry, kind: 'token', name: providerName, workload: workloadName, user: user || undefined, flow, scopes, expiresAt }
}

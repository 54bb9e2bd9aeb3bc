// Tokens that authorization servers gave, kept in the vault: each for one workload identity, one user, one provider and what was asked
// for. All of these are in an entry's id, so no other combination can ever find it.
import { createHash } from 'node:crypto'
import type { Oauth2FlowType } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import type { OauthTokens } from '#ports/oauth-client.js'
import { collection, type Store, type Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { dropEntry, putEntry, readEntry } from '#services/vault/index.js'
import type { Oauth2ProviderSettings } from './provider-settings.js'
import { userKey, type WorkloadClaims } from './workload-tokens.js'

/** What may be told of an entry; the tokens are in the vault under the same id. */
export interface VaultedTokenDocument {
  workloadName: string
  workloadId: string
  user: string
  providerName: string
  /** Of the provider that it is of, and as it was then: another client's token is not this one's. */
  callbackId: string
  providerUpdatedAt: number
  flow: Oauth2FlowType
  scopes: readonly string[]
  obtainedAt: number
  /** Absent: the server did not say, and it is good until it is refused. */
  expiresAt?: number
}

export type TokenOwner = Omit<VaultedTokenDocument, 'obtainedAt' | 'expiresAt'>

export interface VaultedToken {
  tokens: OauthTokens
  isFresh: boolean
  obtainedAt: number
}

export const vaultedTokens = collection<VaultedTokenDocument>('vaulted-tokens')
const entryOf = (id: string) => `token/${id}`

/** A token must outlive the call that it is for: it is renewed so long before its end, or half its life when that is less. */
const leewayMs = 60_000

export function tokenOwner(claims: WorkloadClaims, provider: Oauth2ProviderSettings, flow: Oauth2FlowType, scopes: readonly string[]): TokenOwner {
  return {
    workloadName: claims.workloadName,
    workloadId: claims.workloadId,
    user: userKey(claims.user),
    providerName: provider.name,
    callbackId: provider.callbackId,
    providerUpdatedAt: provider.lastUpdatedAt,
    flow,
    scopes: [...new Set(scopes)].sort(),
  }
}

/** `asked` is what else decides which token it is. */
export function tokenId({ workloadId, user, callbackId, flow, scopes }: TokenOwner, asked: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([workloadId, user, callbackId, flow, scopes, asked]))
    .digest('hex')
}

interface Ports {
  store: Store
  vaultSealer: VaultSealer
  clock: Pick<Clock, 'now'>
}

export async function findToken(
  { store, vaultSealer, clock }: Ports,
  scope: Scope,
  id: string,
  { providerUpdatedAt }: TokenOwner,
): Promise<VaultedToken | undefined> {
  const document = await store.get(vaultedTokens, scope, id)
  if (document?.providerUpdatedAt !== providerUpdatedAt) return undefined
  const secret = await readEntry(store, vaultSealer, scope, entryOf(id))
  if (secret === undefined) return undefined
  const { obtainedAt, expiresAt = Number.POSITIVE_INFINITY } = document
  const leeway = Math.min(leewayMs, (expiresAt - obtainedAt) / 2)
  return { tokens: JSON.parse(secret) as OauthTokens, isFresh: clock.now() < expiresAt - leeway, obtainedAt }
}

export async function putToken(
  tx: Transaction,
  { vaultSealer, clock }: Pick<Ports, 'vaultSealer' | 'clock'>,
  scope: Scope,
  id: string,
  owner: TokenOwner,
  tokens: OauthTokens,
): Promise<void> {
  const obtainedAt = clock.now()
  const { expiresInSeconds } = tokens
  const expiry = expiresInSeconds === undefined ? {} : { expiresAt: obtainedAt + expiresInSeconds * 1000 }
  await tx.put(vaultedTokens, scope, id, { ...owner, obtainedAt, ...expiry })
  await putEntry(tx, vaultSealer, scope, entryOf(id), JSON.stringify(tokens))
}

export async function dropToken(tx: Transaction, scope: Scope, id: string): Promise<void> {
  await tx.delete(vaultedTokens, scope, id)
  await dropEntry(tx, scope, entryOf(id))
}

// Authorization sessions of users: from the authorization URL to the token that is bound to who asked for it. Durable at each move.
import { createHash } from 'node:crypto'
import { ServiceError } from '#kernel/errors.js'
import { type Moves, move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import type { OauthParameters, OauthTokens } from '#ports/oauth-client.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { dropEntry, putEntry, readEntry } from '#services/vault/index.js'
import { tokenSessionMs, unfinishedSignInsInAll, unfinishedSignInsPerUser } from './limits.js'
import { type TokenSessionState, tokenSessionMoves } from './token-session-states.js'
import { addSignIn, dropSignIn, expiredSignIns, olderSignIns, unfinishedSignIns } from './unfinished-sign-ins.js'
import type { TokenOwner } from './vaulted-tokens.js'

export interface TokenSessionDocument {
  state: TokenSessionState
  stateHash: string
  /** Whose token it will be, and the id that it will have in the vault. */
  owner: TokenOwner
  tokenId: string
  /** Who called, for a client that authenticates by the platform's word. */
  principal: string
  redirectUri: string
  returnUrl?: string
  expiresAt: number
  failure?: string
}

/** In the vault, under the session's id. */
export interface TokenSessionSecrets {
  state: string
  codeVerifier: string
  nonce?: string
  authorizationUrl: string
  customState?: string
  /** Of the token request. */
  parameters: OauthParameters
  tokens?: OauthTokens
}

/** Why a session fails whose entry in the vault was given up with its master key. */
export const secretsLost = 'the vault has lost what the session was begun with'

export const tokenSessions = collection<TokenSessionDocument>('token-sessions')
/** The callback knows neither account nor Region: its `state` leads to both. */
const sessionsByState = collection<Scope & { id: string }>('token-sessions-by-state')
const everywhere: Scope = { account: '*', region: '*' }

const uriStart = 'urn:ietf:params:oauth:request_uri:'
export const sessionUriOf = (id: string) => `${uriStart}${id}`
export const sessionIdOf = (uri: string) => uri.slice(uriStart.length)

const hashOf = (state: string) => createHash('sha256').update(state).digest('hex')
const entryOf = (id: string) => `session/${id}`

export interface FoundSession {
  id: string
  scope: Scope
  session: TokenSessionDocument
}

/** Throws a ThrottlingException when too many sign-ins of all users are under way. A user's own oldest ones make room for the new one. */
export async function openSession(
  tx: Transaction,
  vaultSealer: VaultSealer,
  { id, scope }: Pick<FoundSession, 'id' | 'scope'>,
  session: Omit<TokenSessionDocument, 'state' | 'stateHash' | 'expiresAt'>,
  secrets: TokenSessionSecrets,
  now: number,
): Promise<void> {
  const stateHash = hashOf(secrets.state)
  const expiresAt = now + tokenSessionMs
  await makeRoom(tx, scope, session.owner, now)
  await addSignIn(tx, { id, scope, owner: session.owner, expiresAt })
  await tx.put(tokenSessions, scope, id, { ...session, state: 'PENDING', stateHash, expiresAt })
  await tx.put(sessionsByState, everywhere, stateHash, { account: scope.account, region: scope.region, id })
  await putEntry(tx, vaultSealer, scope, entryOf(id), JSON.stringify(secrets))
}

/** As many at once as keep others waiting for no longer than a sign-in does anyway. */
const expiredAtOnce = 50

async function makeRoom(tx: Transaction, scope: Scope, owner: TokenOwner, now: number): Promise<void> {
  // Not refused: whoever begins anew without the earlier session, as an agent does that was started again, would lock its user out.
  for (const id of await olderSignIns(tx, scope, owner, unfinishedSignInsPerUser - 1))
    await moveSession(tx, { id, scope }, 'FAILED', `${unfinishedSignInsPerUser} newer ones of the same user were begun`)
  if ((await unfinishedSignIns(tx)) < unfinishedSignInsInAll) return
  for (const found of await expiredSignIns(tx, now, expiredAtOnce)) await moveSession(tx, found, 'FAILED', 'expired')
  if ((await unfinishedSignIns(tx)) < unfinishedSignInsInAll) return
  throw new ServiceError(
    'ThrottlingException',
    `${unfinishedSignInsInAll} sign-ins of users are under way, and no more may be. Try again when some have come back or expired, which each does after ten minutes; ask for one that was begun with its sessionUri.`,
  )
}

export async function sessionByState(reader: Reader, state: string): Promise<FoundSession | undefined> {
  const found = await reader.get(sessionsByState, everywhere, hashOf(state))
  if (!found) return undefined
  const scope = { account: found.account, region: found.region }
  const session = await reader.get(tokenSessions, scope, found.id)
  return session && { id: found.id, scope, session }
}

/** `undefined` when the session has ended. */
export async function secretsOfSession(
  reader: Reader,
  vaultSealer: VaultSealer,
  { id, scope }: Pick<FoundSession, 'id' | 'scope'>,
): Promise<TokenSessionSecrets | undefined> {
  const secret = await readEntry(reader, vaultSealer, scope, entryOf(id))
  return secret === undefined ? undefined : (JSON.parse(secret) as TokenSessionSecrets)
}

/** Moves the session as it is now, not as it was read before; `undefined` when the table does not allow it any more. */
export async function moveSession(
  tx: Transaction,
  { id, scope }: Pick<FoundSession, 'id' | 'scope'>,
  to: TokenSessionState,
  failure?: string,
): Promise<TokenSessionDocument | undefined> {
  const session = await tx.get(tokenSessions, scope, id)
  const table: Moves = tokenSessionMoves
  if (!session || !table[session.state]?.includes(to)) return undefined
  const moved = { ...session, state: move(tokenSessionMoves, 'session', session.state, to), ...(failure !== undefined && { failure }) }
  await tx.put(tokenSessions, scope, id, moved)
  // What ended without a token has no use for its secrets; a bound one's token has its own place.
  if (to === 'FAILED' || to === 'BOUND') {
    await dropEntry(tx, scope, entryOf(id))
    await dropSignIn(tx, { id, scope, ...session })
  }
  return moved
}

export async function keepTokens(
  tx: Transaction,
  vaultSealer: VaultSealer,
  { id, scope }: FoundSession,
  secrets: TokenSessionSecrets,
  tokens: OauthTokens,
): Promise<void> {
  await putEntry(tx, vaultSealer, scope, entryOf(id), JSON.stringify({ ...secrets, tokens }))
}

/** Only at a start: a code that was on its way then is used up. */
export async function endCutOffSessions(store: Store): Promise<void> {
  for (const { id, document, ...scope } of await store.all(tokenSessions)) {
    if (document.state !== 'EXCHANGING') continue
    await store.transaction((tx) => moveSession(tx, { id, scope }, 'FAILED', 'the platform stopped while the code was exchanged'))
  }
}

/** Of sessions in one transaction: each waits for the disk once. */
const forgottenAtOnce = 200

/** A session is told as FAILED for as long again as it lived. */
export async function forgetSessions(store: Store, now: number): Promise<void> {
  const over = (await store.all(tokenSessions)).filter(({ document }) => document.expiresAt + tokenSessionMs < now)
  for (let at = 0; at < over.length; at += forgottenAtOnce) {
    await store.transaction(async (tx) => {
      for (const { id, document, ...scope } of over.slice(at, at + forgottenAtOnce)) {
        await tx.delete(tokenSessions, scope, id)
        await dropSignIn(tx, { id, scope, ...document })
        await tx.delete(sessionsByState, everywhere, document.stateHash)
        await dropEntry(tx, scope, entryOf(id))
      }
    })
  }
}

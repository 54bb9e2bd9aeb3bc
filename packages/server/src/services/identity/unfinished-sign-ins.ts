// Which sign-ins of users are under way, oldest first, for each workload and user and in all: so that nobody who begins many fills the
// vault, nor has to read them all to find the one that is to end.
import { createHash } from 'node:crypto'
import type { Scope } from '#kernel/scope.js'
import { collection, type Transaction } from '#ports/store.js'
import type { TokenOwner } from './vaulted-tokens.js'

/** `id` is the session's. */
export interface SignIn {
  id: string
  scope: Scope
  owner: Pick<TokenOwner, 'workloadId' | 'user'>
  expiresAt: number
}

const byOwner = collection<Record<string, never>>('unfinished-sign-ins')
const byEnd = collection<Scope & { id: string }>('unfinished-sign-ins-by-end')
const counts = collection<{ unfinished: number }>('unfinished-sign-ins-counted')
const everywhere: Scope = { account: '*', region: '*' }
const countId = 'all'

const prefixOf = ({ workloadId, user }: SignIn['owner']) =>
  `${createHash('sha256')
    .update(JSON.stringify([workloadId, user]))
    .digest('hex')}/`
/** In the order of time: epoch milliseconds have 13 digits until 2286. */
const endOf = ({ expiresAt, id }: Pick<SignIn, 'expiresAt' | 'id'>) => `${String(expiresAt).padStart(13, '0')}/${id}`
const idIn = (rowId: string) => rowId.slice(rowId.lastIndexOf('/') + 1)

export async function unfinishedSignIns(tx: Transaction): Promise<number> {
  return (await tx.get(counts, everywhere, countId))?.unfinished ?? 0
}

export async function addSignIn(tx: Transaction, { id, scope: { account, region }, owner, expiresAt }: SignIn): Promise<void> {
  await tx.put(byOwner, { account, region }, prefixOf(owner) + endOf({ expiresAt, id }), {})
  await tx.put(byEnd, everywhere, endOf({ expiresAt, id }), { account, region, id })
  await tx.put(counts, everywhere, countId, { unfinished: (await unfinishedSignIns(tx)) + 1 })
}

/** Does nothing for one that is not under way any more. */
export async function dropSignIn(tx: Transaction, { id, scope, owner, expiresAt }: SignIn): Promise<void> {
  if (!(await tx.delete(byOwner, scope, prefixOf(owner) + endOf({ expiresAt, id })))) return
  await tx.delete(byEnd, everywhere, endOf({ expiresAt, id }))
  await tx.put(counts, everywhere, countId, { unfinished: (await unfinishedSignIns(tx)) - 1 })
}

/** Ids of this owner's sessions, without the youngest `but`. */
export async function olderSignIns(tx: Transaction, scope: Scope, owner: SignIn['owner'], but: number): Promise<string[]> {
  const rows = await tx.list(byOwner, scope, { prefix: prefixOf(owner) })
  return rows.slice(0, Math.max(0, rows.length - but)).map(({ id }) => idIn(id))
}

/** Some of those whose time is over, whoever's they are. */
export async function expiredSignIns(tx: Transaction, now: number, limit: number): Promise<Pick<SignIn, 'id' | 'scope'>[]> {
  const rows = await tx.list(byEnd, everywhere, { limit })
  return rows.filter(({ id }) => Number.parseInt(id, 10) <= now).map(({ document: { account, region, id } }) => ({ id, scope: { account, region } }))
}

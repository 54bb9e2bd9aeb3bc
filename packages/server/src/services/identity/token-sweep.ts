// What nobody can ask for any more goes out of the vault: sessions that are over, tokens that ended, and tokens of workloads and
// providers that are gone. Nothing finds any of it before that either.
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import type { Store } from '#ports/store.js'
import { tokenSweepMs } from './limits.js'
import { oauth2Providers } from './oauth2-credential-providers.js'
import { endCutOffSessions, forgetSessions } from './token-sessions.js'
import { dropToken, type VaultedTokenDocument, vaultedTokens } from './vaulted-tokens.js'
import { workloadIdentities } from './workload-identities.js'

interface Ports {
  store: Store
  clock: Clock
}

/** Once at the start, before calls come; then every so often until the returned function is called. */
export async function keepTokensSwept({ store, clock }: Ports, failed: (fault: unknown) => void): Promise<() => Promise<void>> {
  await endCutOffSessions(store)
  let running = sweep()
  let cancel = again()
  return async () => {
    cancel()
    await running
  }

  function again(): () => void {
    return clock.after(tokenSweepMs, () => {
      running = sweep()
      cancel = again()
    })
  }

  async function sweep(): Promise<void> {
    try {
      await forgetSessions(store, clock.now())
      await forgetTokens({ store, clock })
    } catch (fault) {
      failed(fault)
    }
  }
}

async function forgetTokens({ store, clock }: Ports): Promise<void> {
  const isGone = goneOwners(store)
  for (const { id, document, ...scope } of await store.all(vaultedTokens)) {
    // A user's token may have a refresh token, which outlives it.
    const isOver = document.flow !== 'USER_FEDERATION' && (document.expiresAt ?? Number.POSITIVE_INFINITY) < clock.now()
    if (!isOver && !(await isGone(scope, document))) continue
    await store.transaction(async (tx) => {
      // A new token may have come to the same place meanwhile.
      if ((await tx.get(vaultedTokens, scope, id))?.obtainedAt === document.obtainedAt) await dropToken(tx, scope, id)
    })
  }
}

/** Many tokens have the same owners: each is looked up once. */
function goneOwners(store: Store) {
  const known = new Map<string, Promise<boolean>>()
  return async (scope: Scope, { workloadName, workloadId, providerName, callbackId, providerUpdatedAt }: VaultedTokenDocument): Promise<boolean> => {
    const key = JSON.stringify([scope, workloadId, callbackId, providerUpdatedAt])
    const asked = known.get(key) ?? lookUp()
    known.set(key, asked)
    return asked

    async function lookUp(): Promise<boolean> {
      const workload = await store.get(workloadIdentities, scope, workloadName)
      const provider = await store.get(oauth2Providers.collection, scope, providerName)
      return workload?.uniqueId !== workloadId || provider?.callbackId !== callbackId || provider.lastUpdatedAt !== providerUpdatedAt
    }
  }
}

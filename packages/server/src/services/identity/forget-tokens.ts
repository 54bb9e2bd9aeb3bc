// Tokens go with the workload identity or the credential provider that they were for.
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import { dropToken, vaultedTokens } from './vaulted-tokens.js'

export async function forgetTokens(tx: Transaction, scope: Scope, of: { workloadId: string } | { callbackId: string }): Promise<void> {
  for (const { id, document } of await tx.list(vaultedTokens, scope)) {
    const isOf = 'workloadId' in of ? document.workloadId === of.workloadId : document.callbackId === of.callbackId
    if (isOf) await dropToken(tx, scope, id)
  }
}

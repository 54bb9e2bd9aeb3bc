// The token vault as AWS's API shows it: one for each account and Region, named default.
import type { GetTokenVaultRequest, GetTokenVaultResponse, SetTokenVaultCMKRequest, SetTokenVaultCMKResponse } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound, unsupportedMember } from '#kernel/errors.js'
import { collection, type Store } from '#ports/store.js'

interface TokenVaultDocument {
  lastModifiedAt: number
}

const tokenVaults = collection<TokenVaultDocument>('token-vaults')
const onlyVault = 'default'

export function tokenVaultOperations({ store, clock }: { store: Store; clock: Clock }) {
  /** It is there from the beginning; the first who asks gives it a date that stays. */
  async function lastModified(ctx: Context): Promise<number> {
    const known = await store.get(tokenVaults, ctx, onlyVault)
    if (known) return known.lastModifiedAt
    const now = clock.now()
    await store.transaction((tx) => tx.insert(tokenVaults, ctx, onlyVault, { lastModifiedAt: now }))
    return now
  }

  return {
    async GetTokenVault(ctx: Context, { tokenVaultId = onlyVault }: GetTokenVaultRequest): Promise<GetTokenVaultResponse> {
      if (tokenVaultId !== onlyVault) throw notFound('Token vault', tokenVaultId)
      return presentVault(await lastModified(ctx))
    },

    async SetTokenVaultCMK(ctx: Context, { tokenVaultId = onlyVault, kmsConfiguration }: SetTokenVaultCMKRequest): Promise<SetTokenVaultCMKResponse> {
      if (tokenVaultId !== onlyVault) throw notFound('Token vault', tokenVaultId)
      const { keyType, kmsKeyArn } = kmsConfiguration
      if (keyType === 'CustomerManagedKey')
        throw unsupportedMember(
          'kmsConfiguration.kmsKeyArn',
          `${kmsKeyArn ?? 'an AWS KMS key'} is asked for by no single vault here. All vaults are sealed under the platform's master key; start the platform with AGENTWORKS_MASTER_KEY=kms:ARN to have that key wrapped by one of yours in AWS KMS.`,
        )
      if (kmsKeyArn !== undefined) throw invalid('kmsConfiguration.kmsKeyArn', 'is for keyType CustomerManagedKey; leave it out')
      return store.transaction(async (tx) => {
        const lastModifiedAt = clock.now()
        await tx.put(tokenVaults, ctx, onlyVault, { lastModifiedAt })
        return presentVault(lastModifiedAt)
      })
    },
  }
}

function presentVault(lastModifiedAt: number): GetTokenVaultResponse {
  return { tokenVaultId: onlyVault, kmsConfiguration: { keyType: 'ServiceManagedKey' }, lastModifiedDate: lastModifiedAt }
}

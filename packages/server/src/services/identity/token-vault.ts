// The token vault as AWS's API shows it: one for each account and Region, named default.
import type { GetTokenVaultRequest, GetTokenVaultResponse, SetTokenVaultCMKRequest, SetTokenVaultCMKResponse } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import { collection, type Store } from '#ports/store.js'
import { type CustomerKeys, customerKeyOf } from '#services/vault/index.js'

interface TokenVaultDocument {
  lastModifiedAt: number
}

const tokenVaults = collection<TokenVaultDocument>('token-vaults')
const onlyVault = 'default'

export interface TokenVaultPorts {
  store: Store
  clock: Clock
  customerKeys: CustomerKeys
}

export function tokenVaultOperations({ store, clock, customerKeys }: TokenVaultPorts) {
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
      return presentVault(await lastModified(ctx), await customerKeyOf(store, ctx))
    },

    async SetTokenVaultCMK(ctx: Context, { tokenVaultId = onlyVault, kmsConfiguration }: SetTokenVaultCMKRequest): Promise<SetTokenVaultCMKResponse> {
      if (tokenVaultId !== onlyVault) throw notFound('Token vault', tokenVaultId)
      const { keyType, kmsKeyArn } = kmsConfiguration
      if (keyType === 'CustomerManagedKey' && kmsKeyArn === undefined)
        throw invalid('kmsConfiguration.kmsKeyArn', 'is required for keyType CustomerManagedKey')
      if (keyType === 'ServiceManagedKey' && kmsKeyArn !== undefined)
        throw invalid('kmsConfiguration.kmsKeyArn', 'is for keyType CustomerManagedKey; leave it out')
      const lastModifiedAt = clock.now()
      await customerKeys.change(ctx, kmsKeyArn, (tx) => tx.put(tokenVaults, ctx, onlyVault, { lastModifiedAt }))
      return presentVault(lastModifiedAt, kmsKeyArn)
    },
  }
}

function presentVault(lastModifiedAt: number, kmsKeyArn: string | undefined): GetTokenVaultResponse {
  return {
    tokenVaultId: onlyVault,
    kmsConfiguration: kmsKeyArn === undefined ? { keyType: 'ServiceManagedKey' } : { keyType: 'CustomerManagedKey', kmsKeyArn },
    lastModifiedDate: lastModifiedAt,
  }
}

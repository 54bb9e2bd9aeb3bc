// Another key for the token vault of one account and Region: on record first, so that new entries are under it, and then every earlier
// entry's data key is wrapped anew. Each entry names its key, so that what a kill left under the earlier one still opens.
import { invalid, PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Row, Store, Transaction } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { customerKeyOf, customerKeyRecords, isOfTokenVault, recordId } from './customer-key-record.js'
import { isVaultFault, purposeOf, type VaultEntry, vaultEntries, vaultEntry } from './entries.js'

/** As many as one transaction does not keep others waiting for. */
const batchSize = 200

export interface CustomerKeys {
  /** `undefined` goes back to the master key. `beside` is written with the change. Throws a ServiceError that names the key that is not here. */
  change(scope: Scope, kmsKeyArn: string | undefined, beside: (tx: Transaction) => Promise<void>): Promise<void>
  /** At a start: goes on with a change that was cut off. */
  settle(): Promise<void>
}

export function customerKeys({ store, sealer, log }: { store: Store; sealer: VaultSealer; log: Pick<Log, 'info' | 'error'> }): CustomerKeys {
  const changing = new Set<string>()

  /** Nothing is begun that a missing key would leave half done: one entry of each key is tried. */
  async function checkKeys(scope: Scope, to: string | undefined): Promise<void> {
    sealer.seal('', 'check', to)
    const tried = new Set<string>()
    for await (const rows of pages(scope)) {
      for (const { id, document } of rows) {
        const from = `${document.kmsKeyArn} ${String(document.sealed).split('.')[1]}`
        if (document.kmsKeyArn === to || tried.has(from)) continue
        tried.add(from)
        resealed(scope, id, document, to)
      }
    }
  }

  async function* pages(scope: Scope): AsyncGenerator<Row<VaultEntry>[]> {
    let after: string | undefined
    do {
      const rows = await store.list(vaultEntries, scope, { limit: batchSize, ...(after !== undefined && { after }) })
      yield rows.filter(({ id }) => isOfTokenVault(id))
      after = rows.length < batchSize ? undefined : rows.at(-1)?.id
    } while (after !== undefined)
  }

  /** `undefined`: it was altered, and no key opens it. Throws when a key is missing that may come back. */
  function resealed(scope: Scope, id: string, { sealed, kmsKeyArn: from }: VaultEntry, to: string | undefined): string | undefined {
    try {
      return sealer.reseal(sealed, purposeOf(scope, id), { from, to })
    } catch (fault) {
      // A fingerprint that no master key has is an altered one too, as long as the vault's own is here.
      const isAltered = fault instanceof PortError && fault.port === 'sealer' && (fault.code === 'cannot-open' || sealer.masterKeyId() !== undefined)
      if (isAltered) return undefined
      throw fault
    }
  }

  /** Safe to run again. */
  async function finish(scope: Scope): Promise<void> {
    let entries = 0
    const damaged: string[] = []
    for await (const rows of pages(scope)) {
      const kmsKeyArn = await customerKeyOf(store, scope)
      const stale = rows.filter(({ document }) => document.kmsKeyArn !== kmsKeyArn)
      if (stale.length === 0) continue
      const left = await wrapBatch(scope, stale, kmsKeyArn)
      entries += stale.length - left.length
      damaged.push(...left)
    }
    if (damaged.length > 0)
      log.error('entries of the token vault cannot be read and were left as they are; store these secrets again', {
        entries: damaged.slice(0, 20).join(' '),
        count: damaged.length,
      })
    await store.transaction(async (tx) => {
      const known = await tx.get(customerKeyRecords, scope, recordId)
      if (known) await tx.put(customerKeyRecords, scope, recordId, { ...known, isUnfinished: false })
    })
    log.info('the token vault is under its new key', { region: scope.region, entries })
  }

  /** Returns those that no key opens. */
  async function wrapBatch(scope: Scope, rows: readonly Row<VaultEntry>[], to: string | undefined): Promise<string[]> {
    return store.transaction(async (tx) => {
      const damaged: string[] = []
      for (const { id } of rows) {
        // As it is now: it may have been replaced or removed since it was listed.
        const entry = await tx.get(vaultEntries, scope, id)
        if (!entry || entry.kmsKeyArn === to) continue
        const sealed = resealed(scope, id, entry, to)
        if (sealed === undefined) damaged.push(`${scope.region}/${id}`)
        else await tx.put(vaultEntries, scope, id, vaultEntry(sealed, to))
      }
      return damaged
    })
  }

  return {
    async change(scope, kmsKeyArn, beside) {
      const vault = `${scope.account}/${scope.region}`
      if (changing.has(vault))
        throw new ServiceError('ConcurrentModificationException', 'The key of the token vault is being changed already. Wait until that has ended.')
      changing.add(vault)
      try {
        await checkKeys(scope, kmsKeyArn)
        await store.transaction(async (tx) => {
          await tx.put(customerKeyRecords, scope, recordId, { ...(kmsKeyArn !== undefined && { kmsKeyArn }), isUnfinished: true })
          await beside(tx)
        })
        await finish(scope)
      } catch (fault) {
        if (isVaultFault(fault)) throw invalid('kmsConfiguration.kmsKeyArn', fault.message)
        throw fault
      } finally {
        changing.delete(vault)
      }
    },

    async settle() {
      for (const { account, region, document } of await store.all(customerKeyRecords)) {
        if (!document.isUnfinished) continue
        await finish({ account, region }).catch((fault) => {
          if (!isVaultFault(fault)) throw fault
          log.error('the token vault is not under its new key as a whole; restart when the key is back', { region, reason: fault.message })
        })
      }
    },
  }
}

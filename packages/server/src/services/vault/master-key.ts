// The master key of the vault: recognised at a start, and changed by wrapping every entry's data key anew.

import { conflict, PortError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { MasterKeySource } from '#ports/master-key.js'
import { collection, type Reader, type Row, type Store } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { purposeOf, type VaultEntry, vaultEntries } from './entries.js'

/** Of the whole installation, whatever the Region of an entry. */
const masterKeys = collection<{ masterKeyId: string; since: number }>('vault-master-keys')
const everywhere = (account: string): Scope => ({ account, region: '*' })
const recordId = 'current'

/** As many as one transaction does not keep others waiting for. */
const batchSize = 500
/** Of names in one line of the log. */
const toldAtMost = 20

export interface VaultKey {
  masterKeyId: string | undefined
  /** Epoch milliseconds. */
  since: number | undefined
  place: string
  /** Why nothing can be read or written, when that is so. */
  unreadable: string | undefined
}

/** `undefined`: no entry was ever sealed, and any master key will do. */
export async function recordedMasterKey(reader: Reader, account: string): Promise<{ masterKeyId: string; since: number } | undefined> {
  return reader.get(masterKeys, everywhere(account), recordId)
}

export interface Rotation {
  masterKeyId: string
  entries: number
  /** That were altered, or sealed under a key that is not here; they were left as they are. */
  unreadable: number
  forgotten: number
}

export interface VaultKeyPorts {
  store: Store
  /** Made from what `source` holds. */
  sealer: VaultSealer
  source: MasterKeySource
  account: string
  clock: { now(): number }
  log: Log
  newKey(): Uint8Array
}

export function vaultMasterKey({ store, sealer, source, account, clock, log, newKey }: VaultKeyPorts) {
  let rotating = false

  async function record(masterKeyId: string) {
    await store.transaction((tx) => tx.put(masterKeys, everywhere(account), recordId, { masterKeyId, since: clock.now() }))
  }

  /** Safe to run again: what a kill left under the earlier key is found by its fingerprint. */
  async function wrapAnew(): Promise<{ entries: number; unreadable: number }> {
    const stale = (await store.all(vaultEntries)).filter(({ document }) => !isCurrent(document))
    const damaged: string[] = []
    for (let at = 0; at < stale.length; at += batchSize) damaged.push(...(await wrapBatch(stale.slice(at, at + batchSize))))
    // No key opens them, so that none is kept for them. They stay for a backup, and until somebody stores them again.
    if (damaged.length > 0)
      log.error('entries of the token vault cannot be read and were left as they are; store these secrets again', {
        entries: damaged.slice(0, toldAtMost).join(' '),
        count: damaged.length,
      })
    return { entries: stale.length - damaged.length, unreadable: damaged.length }
  }

  /** Returns those that no key here opens. */
  async function wrapBatch(rows: readonly Row<VaultEntry>[]): Promise<string[]> {
    return store.transaction(async (tx) => {
      const damaged: string[] = []
      for (const { id, account, region } of rows) {
        const scope = { account, region }
        // As it is now: it may have been replaced or removed since it was listed.
        const entry = await tx.get(vaultEntries, scope, id)
        if (!entry || isCurrent(entry)) continue
        const sealed = unlessUnreadable(() => sealer.reseal(entry.sealed, purposeOf(scope, id)))
        if (sealed === undefined) damaged.push(`${region}/${id}`)
        else await tx.put(vaultEntries, scope, id, { sealed })
      }
      return damaged
    })
  }

  /** One entry that was altered must not keep all others from their new key. Customers' keys are theirs to change. */
  function isCurrent({ sealed, kmsKeyArn }: VaultEntry): boolean {
    return kmsKeyArn !== undefined || (unlessUnreadable(() => sealer.isCurrent(sealed)) ?? false)
  }

  /** Everything goes that is under no customer's key and that no key here opens. Who asks for it then hears that it is gone. */
  async function forget(): Promise<number> {
    const lost = (await store.all(vaultEntries)).filter(({ document, id, ...scope }) => !opens(document, purposeOf(scope, id)))
    for (let at = 0; at < lost.length; at += batchSize) {
      await store.transaction(async (tx) => {
        for (const { id, ...scope } of lost.slice(at, at + batchSize)) await tx.delete(vaultEntries, scope, id)
      })
    }
    return lost.length
  }

  const opens = ({ sealed, kmsKeyArn }: VaultEntry, purpose: string) =>
    kmsKeyArn !== undefined || unlessUnreadable(() => sealer.reseal(sealed, purpose)) !== undefined

  async function unreadable(): Promise<string | undefined> {
    const known = await recordedMasterKey(store, account)
    if (!known || sealer.masterKeyId() !== undefined) return undefined
    return `the token vault is sealed under master key ${known.masterKeyId}, which ${source.place} does not hold. Nothing in it can be read. Restore that key and restart; whoever has no copy of it gives these secrets up by rotate-master-key --forget-unreadable.`
  }

  return {
    /** At a start: records a first key, and takes up a change of keys that is asked for or was cut off. */
    async settle(): Promise<void> {
      const current = sealer.masterKeyId()
      if (current === undefined) return log.error('the token vault cannot be used', { reason: await unreadable() })
      if ((await recordedMasterKey(store, account))?.masterKeyId !== current) await record(current)
      if (source.keys().length < 2) return
      const wrapped = await wrapAnew().catch(unfinished)
      if (wrapped instanceof PortError) return log.error('the token vault needs its earlier master key still', { reason: wrapped.message })
      source.replace?.(source.keys().slice(0, 1))
      log.info('the token vault is under its new master key; the earlier one is not needed any more', { masterKeyId: current, ...wrapped })
    },

    /**
     * Throws a ConflictException when the key is not the platform's to change, or gone; `forgetUnreadable` gives up what no key here
     * opens, for whoever has no copy of it.
     */
    async rotate(forgetUnreadable: boolean): Promise<Rotation> {
      const reason = await unreadable()
      if (reason && !forgetUnreadable) throw conflict(reason)
      if (!source.replace)
        throw conflict(
          `The master key comes from ${source.place}. Restart with a new one there and the present one in AGENTWORKS_PREVIOUS_MASTER_KEY; the start wraps all entries anew.`,
        )
      if (rotating) throw conflict('The master key is being rotated already.')
      rotating = true
      try {
        const key = newKey()
        // Both on disk first: from here on a kill at any moment loses nothing.
        source.replace([key, ...source.keys()])
        const masterKeyId = sealer.use(key)
        const forgotten = forgetUnreadable ? await forget() : 0
        await record(masterKeyId)
        const wrapped = await wrapAnew().catch(unfinished)
        if (wrapped instanceof PortError)
          throw conflict(
            `${wrapped.message}, so that the rotation is not finished and both master keys are kept. Store that secret again, and rotate again.`,
          )
        source.replace([key])
        return { masterKeyId, forgotten, ...wrapped }
      } finally {
        rotating = false
      }
    },

    async describe(): Promise<VaultKey> {
      const known = await recordedMasterKey(store, account)
      return {
        masterKeyId: known?.masterKeyId,
        since: known?.since,
        place: source.place,
        unreadable: await unreadable(),
      }
    },
  }
}

/** A row that the database itself cannot give hides the others from the change of keys: nothing is lost while both keys stay. */
function unfinished(fault: unknown): PortError {
  if (fault instanceof PortError && fault.code === 'damaged') return fault
  throw fault
}

/** `undefined`: the entry was altered, or no key here wrapped it. */
function unlessUnreadable<R>(work: () => R): R | undefined {
  try {
    return work()
  } catch (fault) {
    if (fault instanceof PortError) return undefined
    throw fault
  }
}

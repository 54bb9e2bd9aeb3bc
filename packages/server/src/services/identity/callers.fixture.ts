// Callers on a store in memory of a throw-away file, with the root key of tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aesSealer } from '#adapters/sealer/aes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { type Clock, systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { openCallers } from './callers.js'

export const account = '000000000000'
export const root = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

export async function callersOnDisk({ clock = systemClock, dir = mkdtempSync(join(tmpdir(), 'aw-callers-')) }: { clock?: Clock; dir?: string } = {}) {
  const store = sqliteStore(join(dir, 'database'))
  const callers = await openCallers({ root, account, store, sealer: aesSealer(Buffer.alloc(32, 7)), clock, ids: randomIds })
  return {
    ...callers,
    store,
    dir,
    async close() {
      await store.close()
    },
    async [Symbol.asyncDispose]() {
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

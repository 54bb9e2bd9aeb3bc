// What every store promises, as tests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { collection, type Store } from './store.js'

export interface StoreKit {
  /** Names a place where no store has been yet. */
  freshPath(): string
  open(path: string): Promise<Store>
  /** A program that, given path and round, writes `acknowledged` documents for ever and prints each id once it is acknowledged. */
  crashWriter: string
}

interface Thing {
  n: number
}

const things = collection<Thing>('things')
const scope = { account: '000000000000', region: 'us-east-1' }
const fromSource = join(import.meta.dirname, '../../../../tools/from-source.ts')

export function storeContract(kit: StoreKit): void {
  const withStore = (work: (store: Store, path: string) => Promise<void>) => async () => {
    const path = kit.freshPath()
    const store = await kit.open(path)
    try {
      await work(store, path)
    } finally {
      await store.close()
    }
  }
  const put = (store: Store, ...ids: string[]) =>
    store.transaction(async (tx) => {
      for (const [n, id] of ids.entries()) await tx.put(things, scope, id, { n })
    })
  const ids = (rows: { id: string }[]) => rows.map((row) => row.id)

  describe('store contract: documents', () => {
    it(
      'gives back what was put, and undefined for what was not',
      withStore(async (store) => {
        await put(store, 'a')
        expect(await store.get(things, scope, 'a')).toEqual({ n: 0 })
        expect(await store.get(things, scope, 'b')).toBeUndefined()
      }),
    )

    it(
      'replaces on put, refuses on insert, and says which',
      withStore(async (store) => {
        await store.transaction(async (tx) => {
          expect(await tx.insert(things, scope, 'a', { n: 1 })).toBe(true)
          expect(await tx.insert(things, scope, 'a', { n: 2 })).toBe(false)
        })
        expect(await store.get(things, scope, 'a')).toEqual({ n: 1 })
        await store.transaction((tx) => tx.put(things, scope, 'a', { n: 3 }))
        expect(await store.get(things, scope, 'a')).toEqual({ n: 3 })
      }),
    )

    it(
      'deletes once, and says false the second time',
      withStore(async (store) => {
        await put(store, 'a')
        expect(await store.transaction((tx) => tx.delete(things, scope, 'a'))).toBe(true)
        expect(await store.transaction((tx) => tx.delete(things, scope, 'a'))).toBe(false)
        expect(await store.get(things, scope, 'a')).toBeUndefined()
      }),
    )

    it(
      'gives each caller a copy of its own',
      withStore(async (store) => {
        await put(store, 'a')
        const first = await store.get(things, scope, 'a')
        if (first) first.n = 99
        expect(await store.get(things, scope, 'a')).toEqual({ n: 0 })
      }),
    )

    it(
      'keeps accounts, Regions and collections apart',
      withStore(async (store) => {
        const otherAccount = { ...scope, account: '111111111111' }
        const otherRegion = { ...scope, region: 'eu-west-1' }
        await put(store, 'a')
        await store.transaction((tx) => tx.put(things, otherAccount, 'a', { n: 7 }))
        expect(await store.get(things, otherRegion, 'a')).toBeUndefined()
        expect(await store.list(collection('thing'), scope)).toEqual([])
        expect(await store.list(things, scope)).toEqual([{ ...scope, id: 'a', document: { n: 0 } }])
        expect(await store.transaction((tx) => tx.delete(things, otherRegion, 'a'))).toBe(false)
        expect(await store.all(things)).toEqual([
          { ...scope, id: 'a', document: { n: 0 } },
          { ...otherAccount, id: 'a', document: { n: 7 } },
        ])
      }),
    )

    it('survives closing and opening again', async () => {
      const path = kit.freshPath()
      const before = await kit.open(path)
      await put(before, 'a')
      await before.close()
      const after = await kit.open(path)
      expect(await after.get(things, scope, 'a')).toEqual({ n: 0 })
      await after.close()
    })

    it(
      'keeps strange text as it is: NUL, quotes, half a surrogate pair in a document',
      withStore(async (store) => {
        const texts = collection<string>('texts')
        await store.transaction((tx) => tx.put(texts, scope, "a\0b'%_", 'x\0\ud800"'))
        expect(await store.get(texts, scope, "a\0b'%_")).toBe('x\0\ud800"')
        expect(await store.get(texts, scope, 'a')).toBeUndefined()
        expect(ids(await store.list(texts, scope))).toEqual(["a\0b'%_"])
      }),
    )

    it(
      'finds nothing under an id that is no Unicode, and refuses to write one',
      withStore(async (store) => {
        await put(store, '\ufffd')
        expect(await store.get(things, scope, '\ud800')).toBeUndefined()
        expect(await store.list(things, scope, { prefix: '\ud800' })).toEqual([])
        await expect(put(store, '\ud800')).rejects.toMatchObject({ code: 'bad-id' })
      }),
    )
  })

  describe('store contract: lists', () => {
    const inByteOrder = [
      '',
      'A',
      'Z',
      'a',
      'a%',
      'a/1',
      'a/10',
      'a/2',
      'a_',
      'aa',
      'b',
      '\u00e9',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\uffff1',
      '\u{1f600}',
      '\u{10ffff}',
      '\u{10ffff}z',
    ]

    it(
      'orders ids by their UTF-8 bytes',
      withStore(async (store) => {
        await put(store, ...inByteOrder.toReversed())
        expect(ids(await store.list(things, scope))).toEqual(inByteOrder)
      }),
    )

    it(
      'takes a prefix literally, whatever its last character is',
      withStore(async (store) => {
        await put(store, ...inByteOrder)
        for (const prefix of ['', 'a', 'a/', 'a%', 'a_', '\ud7ff', '\uffff', '\u{10ffff}', 'nothing']) {
          expect(ids(await store.list(things, scope, { prefix }))).toEqual(inByteOrder.filter((id) => id.startsWith(prefix)))
        }
      }),
    )

    it(
      'walks every id once, page by page, inside a prefix too',
      withStore(async (store) => {
        await put(store, ...inByteOrder)
        for (const prefix of [undefined, 'a', '\u{10ffff}']) {
          const walked: string[] = []
          for (let after: string | undefined; ; ) {
            const page = await store.list(things, scope, { prefix, after, limit: 2 })
            walked.push(...ids(page))
            after = page.at(-1)?.id
            if (page.length < 2) break
          }
          expect(walked).toEqual(inByteOrder.filter((id) => id.startsWith(prefix ?? '')))
        }
      }),
    )

    it(
      'starts strictly after an id that need not exist, and never before the prefix',
      withStore(async (store) => {
        await put(store, 'a', 'b/1', 'b/2', 'c')
        expect(ids(await store.list(things, scope, { after: 'aa' }))).toEqual(['b/1', 'b/2', 'c'])
        expect(ids(await store.list(things, scope, { prefix: 'b/', after: 'a' }))).toEqual(['b/1', 'b/2'])
        expect(await store.list(things, scope, { prefix: 'b/', after: 'c' })).toEqual([])
        expect(await store.list(things, scope, { limit: 0 })).toEqual([])
      }),
    )
  })

  describe('store contract: transactions', () => {
    it(
      'leaves nothing behind when the work throws, and passes its error on',
      withStore(async (store) => {
        const failure = new Error('changed my mind')
        const failing = store.transaction(async (tx) => {
          await tx.put(things, scope, 'a', { n: 1 })
          throw failure
        })
        await expect(failing).rejects.toBe(failure)
        expect(await store.get(things, scope, 'a')).toBeUndefined()
      }),
    )

    it(
      'undoes the one that fails and keeps its neighbours, when many are asked for at once',
      withStore(async (store) => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 200 }, (_, n) =>
            store.transaction(async (tx) => {
              await tx.put(things, scope, String(n).padStart(3, '0'), { n })
              if (n % 7 === 0) throw new Error('no')
            }),
          ),
        )
        const kept = (await store.list(things, scope)).map((row) => row.document.n)
        expect(kept).toEqual(outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [n] : [])))
        expect(kept.length).toBe(171)
      }),
    )

    it(
      'runs them one after another: no increment is lost',
      withStore(async (store) => {
        await put(store, 'counter')
        const increment = () =>
          store.transaction(async (tx) => {
            const { n } = (await tx.get(things, scope, 'counter')) ?? { n: 0 }
            await tx.put(things, scope, 'counter', { n: n + 1 })
          })
        await Promise.all(Array.from({ length: 100 }, increment))
        expect(await store.get(things, scope, 'counter')).toEqual({ n: 100 })
      }),
    )

    it(
      'sees its own writes, which nobody else sees before the end; reads do not wait for a writer that hangs',
      withStore(async (store) => {
        await put(store, 'a')
        let finish = () => {}
        const held = new Promise<void>((resolve) => {
          finish = resolve
        })
        const reached = Promise.withResolvers<void>()
        const writing = store.transaction(async (tx) => {
          await tx.put(things, scope, 'a', { n: 5 })
          expect(await tx.get(things, scope, 'a')).toEqual({ n: 5 })
          expect(ids(await tx.list(things, scope))).toEqual(['a'])
          reached.resolve()
          await held
        })
        await reached.promise
        expect(await store.get(things, scope, 'a')).toEqual({ n: 0 })
        expect(await store.list(things, scope)).toHaveLength(1)
        finish()
        await writing
        expect(await store.get(things, scope, 'a')).toEqual({ n: 5 })
      }),
    )

    it(
      'refuses a transaction that is used after its end',
      withStore(async (store) => {
        const leaked = await store.transaction(async (tx) => ({ tx }))
        await expect(leaked.tx.put(things, scope, 'a', { n: 1 })).rejects.toMatchObject({ code: 'transaction-ended' })
        await expect(leaked.tx.get(things, scope, 'a')).rejects.toMatchObject({ code: 'transaction-ended' })
      }),
    )

    it('finishes what was asked for before it closes, and refuses what comes after', async () => {
      const path = kit.freshPath()
      const store = await kit.open(path)
      const asked = put(store, 'a')
      await store.close()
      await asked
      await expect(store.get(things, scope, 'a')).rejects.toMatchObject({ code: 'closed' })
      await expect(put(store, 'b')).rejects.toMatchObject({ code: 'closed' })
      const again = await kit.open(path)
      expect(ids(await again.list(things, scope))).toEqual(['a'])
      await again.close()
    })
  })

  describe('store contract: durability', () => {
    it('has everything that it acknowledged before its process was killed, ten times over', { timeout: 60_000 }, async () => {
      const path = kit.freshPath()
      const acknowledged: string[] = []
      for (let round = 0; round < 10; round++) acknowledged.push(...(await writeUntilKilled(kit.crashWriter, path, `r${round}`, 20 + round * 7)))
      const store = await kit.open(path)
      const kept = new Set(ids(await store.all(collection('acknowledged'))))
      await store.close()
      expect(acknowledged.length).toBeGreaterThanOrEqual(10 * 20)
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    })
  })
}

async function writeUntilKilled(program: string, path: string, round: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=agentworks-source', '--import', fromSource, program, path, round], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const seen: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line)
    if (seen.length === count) child.kill('SIGKILL')
  }
  await exited
  return seen
}

// What every keeper of memories' records promises, as tests.
import { describe, expect, it } from 'vitest'
import type { MemoryRecords, NewRecord, RecordPlace, RecordScope, RecordTest, StoredRecord } from './memory-records.js'
import type { Store } from './store.js'

export interface MemoryRecordsKit {
  /** A new, empty place. */
  open(): Promise<{ store: Store; records: MemoryRecords; close(): Promise<void> }>
}

const memory = { account: '000000000000', region: 'us-east-1', memoryId: 'm-0123456789' }

function record(recordId: string, more: Partial<NewRecord> = {}): NewRecord {
  return { recordId, namespace: '/a/', strategyId: 's-1', text: recordId, terms: [recordId], at: 1000, updatedAt: 1000, metadata: {}, ...more }
}

function one<Item>([first]: Item[]): Item {
  if (first === undefined) throw new Error('nothing there')
  return first
}

const idsOf = (all: StoredRecord[]) => all.map(({ recordId }) => recordId)

export function memoryRecordsContract({ open }: MemoryRecordsKit): void {
  async function withRecords(all: NewRecord[], work: (kit: Awaited<ReturnType<typeof open>>) => Promise<void>) {
    const kit = await open()
    try {
      await putAll(kit, all)
      await work(kit)
    } finally {
      await kit.close()
    }
  }
  const putAll = ({ store, records }: Awaited<ReturnType<typeof open>>, all: NewRecord[]) =>
    store.transaction(async (tx) => {
      for (const one of all) await records.within(tx).put(memory, one)
    })

  describe('memory records contract: one record', () => {
    const full = record('one', {
      text: '\0 \u{1f980} שלום \ud800 "quoted"',
      terms: ['שלום', '水曜', 'quot', 'quot'],
      metadata: { 'a"b': { stringListValue: ['c d'] }, at: { dateTimeValue: 5 } },
      source: { actorId: 'ada', sessionId: 's', eventIds: ['0#1'], by: 'a rule' },
    })

    it('gives back what was put, letter for letter, by its id and its memory alone', () =>
      withRecords([full, record('two', { namespace: '', terms: [] })], async ({ records }) => {
        expect(await records.get(memory, 'one')).toEqual({ ...full, row: expect.any(Number) as number })
        expect((await records.get(memory, 'two'))?.terms).toEqual([])
        for (const other of [{ memoryId: 'n-0123456789' }, { region: 'eu-west-1' }, { account: '1' }])
          expect(await records.get({ ...memory, ...other }, 'one')).toBeUndefined()
        expect(await records.get(memory, 'on\ud800')).toBeUndefined()
      }))

    it('replaces one of the same id: what it was before is not found any more', () =>
      withRecords([full], async ({ store, records }) => {
        const before = await records.get(memory, 'one')
        await putAll({ store, records, close: async () => undefined }, [record('one', { namespace: '/b/', terms: ['new'] })])
        expect((await records.get(memory, 'one'))?.row).toBe(before?.row)
        expect(await records.matching(memory, {}, ['quot'], 9)).toEqual([])
        expect(idsOf(await records.matching(memory, { namespace: '/b/' }, ['new'], 9))).toEqual(['one'])
        expect(await records.count(memory, { namespace: '/a/' })).toBe(0)
        expect(await records.count(memory, {})).toBe(1)
      }))

    it('deletes it everywhere, once', () =>
      withRecords([full], async ({ store, records }) => {
        expect(await store.transaction((tx) => records.within(tx).delete(memory, 'one'))).toBe(true)
        expect(await store.transaction((tx) => records.within(tx).delete(memory, 'one'))).toBe(false)
        expect(await records.get(memory, 'one')).toBeUndefined()
        expect(await records.matching(memory, {}, ['quot'], 9)).toEqual([])
        expect(await records.count(memory, {})).toBe(0)
      }))

    it('is seen inside its transaction at once, outside with the commit, and never when that was undone', () =>
      withRecords([], async ({ store, records }) => {
        const failed = store.transaction(async (tx) => {
          const inside = records.within(tx)
          await inside.put(memory, full)
          expect(idsOf(await inside.matching(memory, {}, ['quot'], 9))).toEqual(['one'])
          expect(await records.get(memory, 'one')).toBeUndefined()
          throw new Error('undo it')
        })
        await expect(failed).rejects.toThrow('undo it')
        expect(await records.matching(memory, {}, ['quot'], 9)).toEqual([])
        expect(await records.count(memory, {})).toBe(0)
      }))
  })

  describe('memory records contract: scopes and lists', () => {
    const namespaces = ['', '/', '/a', '/a/', '/a-b/', '/a/x/', '/a/x/y', '/ab/', 'a/']
    const all = namespaces.map((namespace, at) => record(`r${at}`, { namespace, terms: ['word'], at }))
    const scopes: [RecordScope, string[]][] = [
      [{ namespace: '/a/' }, ['/a/']],
      [{ namespace: '/a' }, ['/a']],
      [{ namespacePath: '/a' }, ['/a', '/a/', '/a/x/', '/a/x/y']],
      [{ namespacePath: '/a/' }, ['/a', '/a/', '/a/x/', '/a/x/y']],
      [{ namespacePath: '/a/x/y' }, ['/a/x/y']],
      [{ namespacePath: '/' }, ['/', '/a', '/a-b/', '/a/', '/a/x/', '/a/x/y', '/ab/']],
      [{ namespacePath: 'a' }, ['a/']],
      [{ namespacePath: '/nobody/' }, []],
      [{}, ['', '/', '/a', '/a-b/', '/a/', '/a/x/', '/a/x/y', '/ab/', 'a/']],
    ]

    it('has the same records in a list, in a search, in a time and in a count', () =>
      withRecords(all, async ({ records }) => {
        for (const [scope, wanted] of scopes) {
          const listed = await records.page(memory, scope, { limit: 100 })
          expect(listed.map(({ namespace }) => namespace)).toEqual(wanted)
          const searched = await records.matching(memory, scope, ['word'], 100)
          expect(searched.map(({ namespace }) => namespace).toSorted()).toEqual(wanted)
          const timed = await records.between(memory, scope, { from: 0, until: 100, limit: 100 })
          expect(timed.map(({ namespace }) => namespace).toSorted()).toEqual(wanted)
          expect(await records.count(memory, scope)).toBe(wanted.length)
          expect((await records.occurrences(memory, scope, ['word', 'none'], 100)).map(({ length }) => length)).toEqual([wanted.length, 0])
        }
      }))

    it('pages without gap or repetition, by namespace and newest first in each', () => {
      const many = ['/a/', '/a/x/', '/b/'].flatMap((namespace) => [3, 1, 2, 2, 2].map((at, i) => record(`${namespace}${i}`, { namespace, at })))
      return withRecords(many, async ({ records }) => {
        const whole = await records.page(memory, {}, { limit: 100 })
        expect(whole.map(({ namespace, at }) => `${namespace}${at}`).slice(0, 6)).toEqual(['/a/3', '/a/2', '/a/2', '/a/2', '/a/1', '/a/x/3'])
        for (const limit of [1, 2, 3, 7]) {
          const seen: StoredRecord[] = []
          for (let after: RecordPlace | undefined; ; ) {
            const page = await records.page(memory, {}, { limit, ...(after && { after }) })
            seen.push(...page)
            after = page.at(-1)
            if (page.length < limit) break
          }
          expect(seen).toEqual(whole)
        }
      })
    })

    it('keeps conditions on metadata and strategy before the limit, in all that it finds', () => {
      const kinds = [
        record('text', { metadata: { k: { stringValue: "it's" } } }),
        record('list', { metadata: { k: { stringListValue: ['x', 'y'] } } }),
        record('three', { metadata: { k: { numberValue: 3 } } }),
        record('ten', { metadata: { k: { numberValue: 10 } } }),
        record('dated', { metadata: { k: { dateTimeValue: 50 } } }),
        record('none', { strategyId: '' }),
      ].map((one) => ({ ...one, terms: ['word'] }))
      const tests: [RecordTest, string[]][] = [
        [{ key: 'k', operator: 'EQUALS_TO', value: { stringValue: "it's" } }, ['text']],
        [{ key: 'k', operator: 'EQUALS_TO', value: { stringListValue: ['x', 'y'] } }, ['list']],
        [{ key: 'k', operator: 'EQUALS_TO', value: { numberValue: 3 } }, ['three']],
        [{ key: 'k', operator: 'CONTAINS', value: { stringValue: 'y' } }, ['list']],
        [{ key: 'k', operator: 'GREATER_THAN', value: { numberValue: 3 } }, ['ten']],
        [{ key: 'k', operator: 'GREATER_THAN_OR_EQUALS', value: { numberValue: 3 } }, ['three', 'ten']],
        [{ key: 'k', operator: 'LESS_THAN', value: { numberValue: 10 } }, ['three']],
        [{ key: 'k', operator: 'LESS_THAN_OR_EQUALS', value: { numberValue: 10 } }, ['three', 'ten']],
        [{ key: 'k', operator: 'BEFORE', value: { dateTimeValue: 51 } }, ['dated']],
        [{ key: 'k', operator: 'AFTER', value: { dateTimeValue: 50 } }, []],
        [{ key: 'k', operator: 'NOT_EXISTS' }, ['none']],
        [{ key: 'k', operator: 'EXISTS' }, ['text', 'list', 'three', 'ten', 'dated']],
      ]
      return withRecords(kinds, async ({ records }) => {
        for (const [test, wanted] of tests) {
          const scope = { tests: [test] }
          expect(idsOf(await records.page(memory, scope, { limit: 100 })).toSorted()).toEqual(wanted.toSorted())
          expect(idsOf(await records.matching(memory, scope, ['word'], Math.max(1, wanted.length))).toSorted()).toEqual(wanted.toSorted())
          expect(idsOf(await records.between(memory, scope, { from: 0, until: 5000, limit: 100 })).toSorted()).toEqual(wanted.toSorted())
          const [rows = []] = await records.occurrences(memory, scope, ['word'], Math.max(1, wanted.length))
          expect(idsOf(await records.rows(memory, rows)).toSorted()).toEqual(wanted.toSorted())
        }
        expect(idsOf(await records.matching(memory, { strategyId: '' }, ['word'], 1))).toEqual(['none'])
      })
    })
  })

  describe('memory records contract: searching', () => {
    it('finds those that have any of the terms, the rarer and the more of them the better, in any script', () => {
      const all = [
        record('both', { terms: ['cat', 'bird'] }),
        record('common', { terms: ['cat', 'tree'] }),
        record('other', { terms: ['tree', '水曜'] }),
        ...[1, 2, 3].map((n) => record(`cat${n}`, { terms: ['cat', 'cat', 'house', 'garden'] })),
      ]
      return withRecords(all, async ({ records }) => {
        expect(idsOf(await records.matching(memory, {}, ['cat', 'bird'], 1))).toEqual(['both'])
        expect(idsOf(await records.matching(memory, {}, ['cat', '水曜'], 1))).toEqual(['other'])
        expect(idsOf(await records.matching(memory, {}, ['水曜'], 9))).toEqual(['other'])
        expect(await records.matching(memory, {}, [], 9)).toEqual([])
        const rowOf = async (id: string) => (await records.get(memory, id))?.row
        const [cats, birds, trees] = await records.occurrences(memory, {}, ['cat', 'bird', 'tree'], 3)
        expect(cats).toEqual([await rowOf('cat3'), await rowOf('cat2'), await rowOf('cat1')])
        expect(birds).toEqual([await rowOf('both')])
        expect(trees).toEqual([await rowOf('other'), await rowOf('common')])
      })
    })

    it('never sees the words of another memory', () =>
      withRecords([record('one', { terms: ['word'] })], async ({ store, records }) => {
        const other = { ...memory, memoryId: 'n-0123456789' }
        await store.transaction((tx) => records.within(tx).put(other, record('two', { terms: ['word'] })))
        expect(idsOf(await records.matching(memory, {}, ['word'], 9))).toEqual(['one'])
        expect(idsOf(await records.matching(other, { namespace: '/a/' }, ['word'], 9))).toEqual(['two'])
      }))

    it('knows what stands around a record in its namespace, and no further away than asked', () => {
      const times = [10, 20, 20, 20, 30, 5000]
      const all = [...times.map((at, n) => record(`t${n}`, { at })), record('elsewhere', { at: 20, namespace: '/b/' })]
      return withRecords(all, async ({ records }) => {
        const middle = await records.get(memory, 't2')
        if (!middle) throw new Error('no record')
        const around = async (near: { each: number; withinMs: number }, scope: RecordScope = {}) => {
          const [found] = await records.around(memory, scope, [middle], near)
          return Promise.all(
            [found?.before ?? [], found?.after ?? []].map(async (rows) =>
              idsOf(await Promise.all(rows.map(async ({ row, at }) => one((await records.rows(memory, [row])).filter((found) => found.at === at))))),
            ),
          )
        }
        expect(await around({ each: 2, withinMs: 100 })).toEqual([
          ['t1', 't0'],
          ['t3', 't4'],
        ])
        expect(await around({ each: 1, withinMs: 100 })).toEqual([['t1'], ['t3']])
        expect(await around({ each: 9, withinMs: 9 })).toEqual([['t1'], ['t3']])
        expect(await around({ each: 9, withinMs: 9 }, { strategyId: 'other' })).toEqual([[], []])
        expect(await records.rows({ ...memory, memoryId: 'n-0123456789' }, [middle.row])).toEqual([])
        expect(idsOf(await records.between(memory, { namespace: '/a/' }, { from: 20, until: 5000, limit: 2 }))).toEqual(['t4', 't3'])
      })
    })
  })

  describe('memory records contract: the end of a memory', () => {
    it('drops all of it in bounded steps, and nothing of another', () => {
      const all = [1, 2, 3, 4, 5].map((n) => record(`r${n}`, { terms: ['word'] }))
      return withRecords(all, async ({ store, records }) => {
        const other = { ...memory, memoryId: 'n-0123456789' }
        await store.transaction((tx) => records.within(tx).put(other, record('two', { terms: ['word'] })))
        const drop = () => store.transaction((tx) => records.within(tx).dropMemory(memory, 3))
        for (let dropped = await drop(); dropped > 0; dropped = await drop()) expect(dropped).toBeLessThanOrEqual(3)
        expect(await records.page(memory, {}, { limit: 9 })).toEqual([])
        expect(await records.matching(memory, {}, ['word'], 9)).toEqual([])
        expect(idsOf(await records.matching(other, {}, ['word'], 9))).toEqual(['two'])
      })
    })
  })
}

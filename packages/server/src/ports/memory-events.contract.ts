// What every keeper of memories' events promises, as tests.
import { describe, expect, it } from 'vitest'
import { arrivedAt, type EventKey, type EventPage, type MemoryEvents, type SessionKey } from './memory-events.js'
import type { Store } from './store.js'

export interface MemoryEventsKit {
  /** A new, empty place, or an earlier one by its path. */
  open(now: () => number, path?: string): Promise<{ store: Store; events: MemoryEvents; path: string; close(): Promise<void> }>
}

const memory = { account: '000000000000', region: 'us-east-1', memoryId: 'm-0123456789' }
const session: SessionKey = { ...memory, actorId: 'ada', sessionId: 's1' }
const everything: EventPage = { since: 0, limit: 1000, order: 'oldest first', payloads: true }
const day = 86_400_000

export function memoryEventsContract({ open }: MemoryEventsKit): void {
  async function withEvents(work: (kit: Awaited<ReturnType<typeof open>> & ReturnType<typeof shortcuts>) => Promise<void>, now = () => 1_000_000) {
    const kit = await open(now)
    try {
      await work({ ...kit, ...shortcuts(kit) })
    } finally {
      await kit.close()
    }
  }

  describe('memory events contract: events', () => {
    it('gives back what was appended, letter for letter, and a page without payloads', () =>
      withEvents(async ({ events, append }) => {
        const payload = JSON.stringify([{ blob: '\0 \u{1f980} שלום \ud800' }])
        const key = await append({ payload, metadata: { 'a"b': 'c d' } })
        const stored = { ...key, actorId: 'ada', sessionId: 's1', metadata: { 'a"b': 'c d' }, payload }
        expect(await events.get(session, key, { since: 0 })).toEqual(stored)
        expect(await events.page(session, everything)).toEqual([stored])
        expect(await events.page(session, { ...everything, payloads: false })).toEqual([{ ...stored, payload: '' }])
      }))

    it('finds an event only by all of its names', () =>
      withEvents(async ({ events, append, store }) => {
        const key = await append({ at: 5 })
        for (const other of [{ actorId: 'bob' }, { sessionId: 's2' }, { memoryId: 'n-0123456789' }, { region: 'eu-west-1' }, { account: '1' }]) {
          expect(await events.get({ ...session, ...other }, key, { since: 0 })).toBeUndefined()
          expect(await events.page({ ...session, ...other }, everything)).toEqual([])
          expect(await store.transaction((tx) => events.within(tx).delete({ ...session, ...other }, key))).toBe(false)
        }
        expect(await events.get(session, { ...key, at: 6 }, { since: 0 })).toBeUndefined()
        expect(await events.get(session, { ...key, arrival: key.arrival + 1 }, { since: 0 })).toBeUndefined()
      }))

    it('orders by timestamp, then by arrival, and pages both ways without gap or repetition', () =>
      withEvents(async ({ events, append }) => {
        const keys: EventKey[] = []
        for (const at of [30, 10, 20, 20, 20, 10, 0]) keys.push(await append({ at }))
        const wanted = keys.toSorted((a, b) => a.at - b.at || a.arrival - b.arrival)
        for (const order of ['oldest first', 'newest first'] as const) {
          const inOrder = order === 'oldest first' ? wanted : wanted.toReversed()
          for (const limit of [1, 2, 3, 7]) {
            const seen: EventKey[] = []
            for (let after: EventKey | undefined; ; ) {
              const page = await events.page(session, { ...everything, order, limit, ...(after && { after }) })
              seen.push(...page.map(({ at, arrival }) => ({ at, arrival })))
              after = page.at(-1)
              if (page.length < limit) break
            }
            expect(seen).toEqual(inOrder)
          }
        }
        expect((await events.byArrival(memory, { since: 0, after: keys[2]?.arrival ?? 0, limit: 2 })).map(({ arrival }) => arrival)).toEqual(
          keys.slice(3, 5).map(({ arrival }) => arrival),
        )
      }))

    it('gives arrivals that grow, also when the clock goes back, and after a restart', async () => {
      let now = 2_000_000
      const first = await open(() => now)
      const keys = [await shortcuts(first).append({})]
      now -= 1_000_000
      keys.push(await shortcuts(first).append({}))
      await first.close()
      const second = await open(() => now, first.path)
      keys.push(await shortcuts(second).append({}))
      now += 5_000_000
      keys.push(await shortcuts(second).append({}))
      await second.close()
      expect(keys.map(({ arrival }) => arrival)).toEqual(keys.map(({ arrival }) => arrival).toSorted((a, b) => a - b))
      expect(new Set(keys.map(({ arrival }) => arrival)).size).toBe(4)
      expect(arrivedAt(keys[0]?.arrival ?? 0)).toBe(2_000_000)
      expect(arrivedAt(keys[3]?.arrival ?? 0)).toBe(now)
    })

    it('writes with the transaction or not at all, and never after its end', () =>
      withEvents(async ({ events, store }) => {
        const undone = store.transaction(async (tx) => {
          const inside = events.within(tx)
          const key = await inside.append(session, { at: 1, metadata: {}, payload: '[]' })
          expect(await inside.get(session, key, { since: 0 })).toBeDefined()
          expect(await events.get(session, key, { since: 0 })).toBeUndefined()
          throw new Error('changed my mind')
        })
        await expect(undone).rejects.toThrow('changed my mind')
        expect(await events.page(session, everything)).toEqual([])
        expect(await events.sessions(memory, 'ada', { since: 0, limit: 10, withEvents: false })).toEqual([])
        const late = await store.transaction(async (tx) => events.within(tx))
        await expect(late.delete(session, { at: 1, arrival: 1 })).rejects.toMatchObject({ code: 'transaction-ended' })
      }))

    it('filters by branches with their bounds, and by metadata', () =>
      withEvents(async ({ events, store, append }) => {
        const root = await append({ at: 1, metadata: { kind: 'a' } })
        await append({ at: 2, metadata: { kind: 'b', 'x"y': '1' } })
        await store.transaction((tx) => events.within(tx).putBranch(session, { name: 'side', root }))
        await append({ at: 3, branch: 'side', metadata: { kind: 'a' } })
        const times = async (page: Partial<EventPage>) => (await events.page(session, { ...everything, ...page })).map(({ at }) => at)
        expect(await events.branch(session, 'side')).toEqual({ name: 'side', root })
        expect(await events.branch({ ...session, sessionId: 's2' }, 'side')).toBeUndefined()
        expect(await times({ branches: [{}] })).toEqual([1, 2])
        expect(await times({ branches: [{ name: 'side' }] })).toEqual([3])
        expect(await times({ branches: [{ name: 'side' }, { upTo: root }] })).toEqual([1, 3])
        expect(await times({ branches: [] })).toEqual([])
        expect(await times({ metadata: [{ key: 'kind', operator: 'EQUALS_TO', value: 'a' }] })).toEqual([1, 3])
        expect(await times({ metadata: [{ key: 'x"y', operator: 'EXISTS' }] })).toEqual([2])
        expect(await times({ metadata: [{ key: 'x"y', operator: 'NOT_EXISTS' }] })).toEqual([1, 3])
        expect(await times({ branches: [{ name: 'side' }], metadata: [{ key: 'kind', operator: 'EQUALS_TO', value: 'b' }] })).toEqual([])
      }))
  })

  describe('memory events contract: actors, sessions, tokens', () => {
    it('lists actors once each and sessions with their time, by pages', () =>
      withEvents(async ({ events, store, append }) => {
        for (const actorId of ['b', 'a', 'c/d']) for (const sessionId of ['s2', 's1', 's3']) await append({}, { ...session, actorId, sessionId })
        await store.transaction((tx) => events.within(tx).openSession({ ...session, actorId: 'a', sessionId: 'silent' }, 1_000_000))
        const page = { since: 0, limit: 2 }
        expect(await events.actors(memory, page)).toEqual(['a', 'b'])
        expect(await events.actors(memory, { ...page, after: 'b' })).toEqual(['c/d'])
        expect(await events.sessions(memory, 'a', { ...page, withEvents: false })).toEqual([
          { sessionId: 's1', createdAt: 1_000_000 },
          { sessionId: 's2', createdAt: 1_000_000 },
        ])
        const rest = { ...page, after: 's2', limit: 10 }
        expect((await events.sessions(memory, 'a', { ...rest, withEvents: false })).map(({ sessionId }) => sessionId)).toEqual(['s3', 'silent'])
        expect((await events.sessions(memory, 'a', { ...rest, withEvents: true })).map(({ sessionId }) => sessionId)).toEqual(['s3'])
      }))

    it('remembers a token of a memory from a time on', () =>
      withEvents(async ({ events, store, append }) => {
        const key = await append({})
        const token = { token: 't', fingerprint: 'f', sessionId: 's1', key }
        await store.transaction((tx) => events.within(tx).putToken(memory, token))
        expect(await events.token(memory, 't', 1_000_000)).toEqual(token)
        expect(await events.token(memory, 't', 1_000_001)).toBeUndefined()
        expect(await events.token({ ...memory, memoryId: 'n-0123456789' }, 't', 0)).toBeUndefined()
        expect(await store.transaction((tx) => events.within(tx).dropTokens({ since: 1_000_001, limit: 10 }))).toBe(1)
        expect(await events.token(memory, 't', 0)).toBeUndefined()
      }))
  })

  describe('memory events contract: the end of events', () => {
    it('hides what has expired at once, and drops it in bounded steps, the sessions last', async () => {
      let now = day
      await withEvents(
        async ({ events, store, append }) => {
          const old = [await append({ at: 9 }), await append({ at: 8 }), await append({ at: 7 }, { ...session, sessionId: 'gone' })]
          await store.transaction((tx) => events.within(tx).putBranch(session, { name: 'side', root: old[0] as EventKey }))
          now = 3 * day
          const kept = await append({ at: 1 })
          const living = { since: 2 * day }
          expect((await events.page(session, { ...everything, ...living })).map(({ at }) => at)).toEqual([1])
          expect(await events.get(session, old[0] as EventKey, living)).toBeUndefined()
          expect(await events.byArrival(memory, { ...living, limit: 10 })).toHaveLength(1)
          expect((await events.sessions(memory, 'ada', { ...living, limit: 10, withEvents: false })).map(({ sessionId }) => sessionId)).toEqual([
            's1',
          ])
          const drop = () => store.transaction((tx) => events.within(tx).dropExpired(memory, { ...living, limit: 2 }))
          expect([await drop(), await drop(), await drop()]).toEqual([2, 2, 0])
          expect(await events.sessions(memory, 'ada', { since: 0, limit: 10, withEvents: false })).toHaveLength(1)
          expect(await events.get(session, kept, { since: 0 })).toBeDefined()
          await store.transaction((tx) => events.within(tx).openSession({ ...session, sessionId: 'silent' }, day))
          await store.transaction((tx) => events.within(tx).delete(session, kept))
          expect([await drop(), await drop()]).toEqual([2, 0])
          expect(await events.actors(memory, { since: 0, limit: 10 })).toEqual([])
        },
        () => now,
      )
    })

    it('drops everything of one memory in bounded steps, and nothing of another', () =>
      withEvents(async ({ events, store, append }) => {
        for (let n = 0; n < 5; n++) await append({ at: n })
        const other = { ...session, memoryId: 'n-0123456789' }
        await append({}, other)
        const drop = () => store.transaction((tx) => events.within(tx).dropMemory(memory, 3))
        expect([await drop(), await drop(), await drop()]).toEqual([3, 3, 1])
        expect(await drop()).toBe(0)
        expect(await events.actors(memory, { since: 0, limit: 10 })).toEqual([])
        expect(await events.page(other, everything)).toHaveLength(1)
      }))
  })
}

function shortcuts({ store, events }: { store: Store; events: MemoryEvents }) {
  return {
    append: (event: { at?: number; branch?: string; metadata?: Record<string, string>; payload?: string }, to = session) =>
      store.transaction((tx) => events.within(tx).append(to, { at: 0, metadata: {}, payload: '[]', ...event })),
  }
}

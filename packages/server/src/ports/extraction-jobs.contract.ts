// What every keeper of extraction jobs promises, as tests.
import { describe, expect, it } from 'vitest'
import type { ExtractionJobs, ExtractionJobWrites, NewJob } from './extraction-jobs.js'
import type { Store } from './store.js'

export interface ExtractionJobsKit {
  /** A new, empty place, or an earlier one by its path. */
  open(path?: string): Promise<{ store: Store; jobs: ExtractionJobs; path: string; close(): Promise<void> }>
}

const memory = { account: '000000000000', region: 'us-east-1', memoryId: 'm-0123456789' }
const session = { ...memory, actorId: 'ada', sessionId: 's1' }
const job = (jobId: string, more: Partial<NewJob> = {}): NewJob => ({
  jobId,
  session,
  strategyId: 'facts',
  lane: jobId,
  work: '{}',
  due: 10,
  ...more,
})
const idsOf = (all: readonly { jobId: string }[]) => all.map(({ jobId }) => jobId)

export function extractionJobsContract({ open }: ExtractionJobsKit): void {
  async function withJobs(
    work: (kit: Awaited<ReturnType<typeof open>> & { write<R>(work: (jobs: ExtractionJobWrites) => Promise<R>): Promise<R> }) => Promise<void>,
  ) {
    const kit = await open()
    try {
      await work({ ...kit, write: (change) => kit.store.transaction((tx) => change(kit.jobs.within(tx))) })
    } finally {
      await kit.close()
    }
  }
  const now = { now: 100, until: 200, limit: 10 }

  describe('extraction jobs contract', () => {
    it('leases what is due, the earliest first, each once, and tells when the next is', () =>
      withJobs(async ({ jobs, write }) => {
        const text = '{"a":"\\u0000 \u{1f980}"}'
        for (const one of [job('late', { due: 50, work: text }), job('early'), job('later', { due: 101 })]) await write((w) => w.put(one))
        expect(await jobs.nextDue()).toBe(10)
        const [first] = await write((w) => w.lease({ ...now, limit: 1 }))
        expect(first).toMatchObject({ jobId: 'early', attempts: 1, session })
        expect(await write((w) => w.lease(now))).toMatchObject([{ jobId: 'late', work: text }])
        expect(await write((w) => w.lease(now))).toEqual([])
        expect(await jobs.nextDue()).toBe(101)
      }))

    it('leases one job of a lane at a time', () =>
      withJobs(async ({ jobs, write }) => {
        for (const one of ['1', '2', '3']) await write((w) => w.put(job(one, { lane: one === '3' ? 'b' : 'a' })))
        const leased = await write((w) => w.lease(now))
        expect(idsOf(leased)).toEqual(['1', '3'])
        expect(await jobs.nextDue()).toBeUndefined()
        const [first] = leased
        if (first) expect(await write((w) => w.end(first))).toBe(true)
        expect(idsOf(await write((w) => w.lease(now)))).toEqual(['2'])
      }))

    it('calls the next of a lane when the one before has ended, failed, or was put off, in their order', () =>
      withJobs(async ({ jobs, write }) => {
        for (const one of ['1', '2', '3', '4']) await write((w) => w.put(job(one, { lane: 'a' })))
        const next = async () => {
          const [one, ...more] = await write((w) => w.lease(now))
          expect(more).toEqual([])
          if (!one) throw new Error('no lease')
          return one
        }
        const first = await next()
        await write((w) => w.postpone(first, 500))
        const second = await next()
        await write((w) => w.fail(second, { reason: 'x', now: 100 }))
        const third = await next()
        await write((w) => w.end(third))
        expect(idsOf([first, second, third, await next()])).toEqual(['1', '2', '3', '4'])
        expect(idsOf(await jobs.unfinished(memory, {}))).toEqual(['1', '4'])
        expect(idsOf(await jobs.unfinished(memory, {}, 1))).toEqual(['1'])
      }))

    it('gives a job again when its lease has run out, and its first holder can no longer end it', () =>
      withJobs(async ({ write }) => {
        await write((w) => w.put(job('1')))
        const [first] = await write((w) => w.lease(now))
        const [second] = await write((w) => w.lease({ ...now, now: 200, until: 300 }))
        if (!first || !second) throw new Error('no lease')
        expect(second).toMatchObject({ jobId: '1', attempts: 2 })
        expect([
          await write((w) => w.end(first)),
          await write((w) => w.fail(first, { reason: 'x', now: 1 })),
          await write((w) => w.postpone(first, 5)),
        ]).toEqual([false, false, false])
        expect(await write((w) => w.end(second))).toBe(true)
      }))

    it('keeps every job over a close, and gives those at work again after a start', async () => {
      const kit = await open()
      await kit.store.transaction((tx) => kit.jobs.within(tx).put(job('1')))
      await kit.store.transaction((tx) => kit.jobs.within(tx).lease(now))
      await kit.close()
      const again = await open(kit.path)
      await again.store.transaction((tx) => again.jobs.within(tx).freeAll())
      expect(await again.store.transaction((tx) => again.jobs.within(tx).lease(now))).toMatchObject([{ jobId: '1', attempts: 1 }])
      await again.close()
    })

    it('postpones, fails, lists by filter and page, and starts again', () =>
      withJobs(async ({ jobs, write }) => {
        for (const jobId of ['1', '2', '3']) await write((w) => w.put(job(jobId, { strategyId: jobId === '3' ? 'other' : 'facts' })))
        const [one, two, three] = await write((w) => w.lease(now))
        if (!one || !two || !three) throw new Error('no leases')
        await write((w) => w.postpone(one, 500))
        await write((w) => w.fail(two, { reason: 'why', now: 300 }))
        await write((w) => w.fail(three, { reason: 'why not', now: 400 }))
        expect(idsOf(await jobs.unfinished(memory, {}))).toEqual(['1'])
        expect(await jobs.nextDue()).toBe(500)
        const failed = await jobs.failed(memory, {}, { limit: 1 })
        expect(failed).toMatchObject([{ jobId: '2', reason: 'why' }])
        expect(idsOf(await jobs.failed(memory, {}, { limit: 9, after: failed[0]?.place ?? 0 }))).toEqual(['3'])
        expect(idsOf(await jobs.failed(memory, { strategyId: 'other' }, { limit: 9 }))).toEqual(['3'])
        expect(await jobs.failed(memory, { actorId: 'bob' }, { limit: 9 })).toEqual([])
        expect(await jobs.failed({ ...memory, region: 'eu-west-1' }, {}, { limit: 9 })).toEqual([])
        expect(await write((w) => w.restart({ ...memory, memoryId: 'n-0123456789' }, '2', 100))).toBe(false)
        expect(await write((w) => w.restart(memory, '1', 100))).toBe(false)
        expect(await write((w) => w.restart(memory, '2', 100))).toBe(true)
        expect(await write((w) => w.lease(now))).toMatchObject([{ jobId: '2', attempts: 1 }])
        await write((w) => w.putFailed(job('4'), 'never begun'))
        expect(idsOf(await jobs.failed(memory, {}, { limit: 9 }))).toEqual(['3', '4'])
        expect(await write((w) => w.dropFailed(memory, { since: 400, limit: 9 }))).toBe(1)
        expect(idsOf(await jobs.failed(memory, {}, { limit: 9 }))).toEqual(['3'])
      }))

    it('adds to a job that nobody has begun, of the same strategy, session and lane', () =>
      withJobs(async ({ write }) => {
        await write((w) => w.put(job('1', { lane: 'a' })))
        const same = { session, strategyId: 'facts', lane: 'a' }
        for (const other of [{ lane: 'b' }, { strategyId: 'x' }, { session: { ...session, sessionId: 's2' } }])
          expect(await write((w) => w.unstarted({ ...same, ...other }))).toBeUndefined()
        expect(await write((w) => w.unstarted(same))).toMatchObject({ jobId: '1' })
        await write((w) => w.change('1', { work: '[1]', due: 20 }))
        expect(await write((w) => w.lease(now))).toMatchObject([{ work: '[1]' }])
        expect(await write((w) => w.unstarted(same))).toBeUndefined()
      }))

    it('drops those of a memory in steps, and leaves others', () =>
      withJobs(async ({ jobs, write }) => {
        const other = { ...session, memoryId: 'n-0123456789' }
        for (const jobId of ['1', '2', '3']) await write((w) => w.put(job(jobId)))
        await write((w) => w.put(job('4', { session: other })))
        expect([await write((w) => w.dropMemory(memory, 2)), await write((w) => w.dropMemory(memory, 2))]).toEqual([2, 1])
        expect(await write((w) => w.dropMemory(memory, 2))).toBe(0)
        expect(idsOf(await jobs.unfinished(other, {}))).toEqual(['4'])
      }))

    it('leaves nothing behind when the transaction fails, and refuses to be used after it', () =>
      withJobs(async ({ store, jobs }) => {
        let kept: ExtractionJobWrites | undefined
        const failing = store.transaction(async (tx) => {
          kept = jobs.within(tx)
          await kept.put(job('1'))
          throw new Error('undone')
        })
        await expect(failing).rejects.toThrow('undone')
        expect(await jobs.unfinished(memory, {})).toEqual([])
        await expect(kept?.put(job('2'))).rejects.toThrow('transaction')
      }))
  })
}

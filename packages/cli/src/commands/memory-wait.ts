// memory wait: until all that was said is learned, or could not be.
import { setTimeout as pause } from 'node:timers/promises'
import { adminFetch } from '#core/connection.js'
import { Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withProgress } from '#core/progress.js'
import { withMemory } from '#core/with-memory.js'

export interface WaitOptions {
  actor?: string
  session?: string
  timeout: number
}

interface State {
  unfinished: { jobId: string; strategyId: string; attempts: number }[]
  gathering: number
  failed: { jobId: string; strategyId: string; reason: string }[]
}

export async function memoryWait(invoked: Invoked, wanted: string, { actor, session, timeout }: WaitOptions): Promise<void> {
  const { out, world } = invoked
  const memoryId = await withMemory(invoked, wanted, async (_client, id) => id)
  const query = new URLSearchParams({ ...(actor !== undefined && { actorId: actor }), ...(session !== undefined && { sessionId: session }) })
  const state = await withProgress(world.stderr, `${memoryId} learns`, (progress) => untilLearned(progress.step))
  const { gathering, failed } = state
  out.document({ memoryId, ...state })
  out.line(`${memoryId} has learned all that it was told`)
  if (gathering > 0) out.line(`self-managed strategies gather ${gathering} sessions until their triggers`)
  for (const { jobId, strategyId, reason } of failed) out.note(`failed: ${strategyId}: ${reason} (${jobId})`)
  if (failed.length > 0)
    throw new Failure(`${failed.length} jobs have failed`, {
      why: failed[0]?.reason,
      fix: 'mend what they say, then start each again by StartMemoryExtractionJob; agentworks env sets up any AWS client for it',
    })

  async function untilLearned(step: (text: string) => void): Promise<State> {
    const deadline = performance.now() + timeout * 1_000
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      const now = (await (await adminFetch(invoked, `memories/${encodeURIComponent(memoryId)}/jobs?${query}`)).json()) as State
      if (now.unfinished.length === 0) return now
      step(`${memoryId} learns: ${now.unfinished.length} jobs are left`)
      if (performance.now() > deadline)
        throw new Failure(`${now.unfinished.length} jobs are left after ${timeout} s`, {
          why: 'a model is slow, or refuses for now and is asked again later',
          fix: `agentworks memory wait ${wanted} --timeout ${timeout * 2}`,
        })
      await pause(waitMs, undefined, { signal: world.stopped })
    }
  }
}

// What a self-managed strategy gathered goes to its owner: the payload into their bucket, the news of it to their topic.
// Developer guide: memory-self-managed-strategies.
import type { LeasedJob } from '#ports/extraction-jobs.js'
import type { MemoryEvents } from '#ports/memory-events.js'
import type { MemoryDocument, StrategyDocument } from '#services/memory/documents.js'
import { selfManagedOf } from './kinds.js'
import { eventsOf, turnsBefore } from './material.js'
import type { Turn } from './mind.js'
import { turnsOfEvent } from './turns.js'
import type { DeliveryWork } from './work.js'

export interface SelfManagedDeliveries {
  /** As the memory's role. Rejects with ServiceError. */
  putObject(delivery: DeliveryAddress & { bucket: string; key: string; body: string }): Promise<void>
  /** To all who subscribed to the topic. Rejects with ServiceError when one of them could not be reached. */
  publish(delivery: DeliveryAddress & { topicArn: string; message: string; messageId: string }): Promise<void>
}

interface DeliveryAddress {
  scope: { account: string; region: string }
  roleArn?: string
}

interface Delivery {
  memory: MemoryDocument
  strategy: StrategyDocument
  job: LeasedJob
  work: DeliveryWork
  since: number
}

/** Twice is the same object again, and a second notification with the same job: as with any topic, at least once. */
export async function deliver(
  events: Pick<MemoryEvents, 'get' | 'page'>,
  deliveries: SelfManagedDeliveries,
  { memory, strategy, job, work, since }: Delivery,
): Promise<void> {
  const settings = selfManagedOf(strategy)
  const found = await eventsOf(events, job, work, since)
  const [first] = found
  const last = found.at(-1)
  if (!settings || !first || !last) return
  const { account, region, memoryId, actorId, sessionId } = job.session
  const history = await turnsBefore(events, job, first, { since, limit: settings.historicalContextWindowSize })
  const { topicArn, payloadDeliveryBucketName: bucket } = settings.invocationConfiguration
  const names = { memoryId, strategyId: strategy.strategyId }
  const key = `memory/${memoryId}/${strategy.strategyId}/${job.jobId}.json`
  const payload = {
    requestId: job.jobId,
    accountId: account,
    ...names,
    actorId,
    sessionId,
    startingTimestamp: first.at,
    endingTimestamp: last.at,
    currentContext: found.flatMap(turnsOfEvent).map(message),
    historicalContext: history.map(message),
  }
  const to = { scope: { account, region }, ...(memory.memoryExecutionRoleArn !== undefined && { roleArn: memory.memoryExecutionRoleArn }) }
  await deliveries.putObject({ ...to, bucket, key, body: JSON.stringify(payload) })
  const news = { jobId: job.jobId, s3PayloadLocation: `s3://${bucket}/${key}`, ...names }
  await deliveries.publish({ ...to, topicArn, message: JSON.stringify(news), messageId: job.jobId })
}

const message = ({ role, text, at }: Turn) => ({ role, content: { text }, timestamp: at })

// A memory from lines of JSON. Events keep their times and branches; nothing is learned from them anew, since what was learned comes along.
import { createHash } from 'node:crypto'
import {
  BatchCreateMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  type BedrockAgentCoreClient,
  CreateEventCommand,
  type MemoryRecordMetadataValue,
  type PayloadType,
} from '@aws-sdk/client-bedrock-agentcore'
import type { Memory, MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control'
import { InvalidCall } from '#client/invalid-call.js'
import type { Memories } from './memories.js'
import type { EventLine, MemoryHead, MemoryLine, RecordLine } from './memory-lines.js'

export interface ImportOptions {
  /** A memory that is there and gets the events and records; a new one is made when absent. */
  memoryId?: string
  /** Of the new memory; the name of the exported one when absent. */
  name?: string
  /** Called after each line that is in. */
  onLine?: (count: number) => void
}

export interface ImportedMemory {
  memoryId: string
  events: number
  records: number
  /** Records that the platform refused, and why. */
  failed: { memoryRecordId: string; errorMessage: string }[]
}

const batch = 100

export async function importMemory(
  memories: Pick<Memories, 'createMemoryAndWait' | 'getMemory'>,
  data: BedrockAgentCoreClient,
  lines: AsyncIterable<MemoryLine> | Iterable<MemoryLine>,
  options: ImportOptions = {},
): Promise<ImportedMemory> {
  let target: { memoryId: string; strategyIds: Map<string, string> } | undefined
  const eventIds = new Map<string, string>()
  const done: ImportedMemory = { memoryId: '', events: 0, records: 0, failed: [] }
  let records: RecordLine['record'][] = []
  const recordIds = new Map<string, string>()
  const outdated: RecordLine['record'][] = []
  let count = 0
  for await (const line of lines) {
    count += 1
    if (!target) {
      const memory = await memoryFor(memories, headIn(line), options)
      target = { memoryId: memory.id ?? '', strategyIds: strategyIds(headIn(line), memory) }
    } else if (isEvent(line)) {
      checkWhole(line.event, count, 'event', ['actorId', 'sessionId', 'eventId'], 'eventTimestamp', 'payload')
      await putEvent(target.memoryId, line.event, count)
      done.events += 1
    } else if (isRecord(line)) {
      checkWhole(line.record, count, 'record', ['memoryRecordId', 'text'], 'createdAt', 'namespaces')
      records.push(line.record)
      if (records.length === batch) await putRecords(target)
    } else throw new InvalidCall(`line ${count}`, 'is neither an event nor a record', 'Give the lines as export wrote them')
    options.onLine?.(count)
  }
  if (!target) throw new InvalidCall('line 1', 'is missing', 'Give the lines of an export; the first one is the memory')
  await putRecords(target)
  await pointAtSuccessors(target.memoryId)
  return { ...done, memoryId: target.memoryId }

  async function putEvent(
    memoryId: string,
    { actorId, sessionId, eventId, eventTimestamp, payload, branch, metadata = {} }: EventLine['event'],
    at: number,
  ) {
    const root = branch?.rootEventId === undefined ? undefined : eventIds.get(branch.rootEventId)
    if (branch && root === undefined)
      throw new InvalidCall(
        `line ${at}: event.branch`,
        `forks from ${branch.rootEventId}, which no line before it is`,
        'Give the lines in their order',
      )
    const { event } = await data.send(
      new CreateEventCommand({
        memoryId,
        actorId,
        sessionId,
        eventTimestamp: new Date(eventTimestamp),
        payload: payload as PayloadType[],
        ...(branch && { branch: { name: branch.name, rootEventId: root } }),
        metadata: Object.fromEntries(Object.entries(metadata).map(([key, stringValue]) => [key, { stringValue }])),
        extractionMode: 'SKIP',
        clientToken: tokenOf(memoryId, sessionId, eventId),
      }),
    )
    eventIds.set(eventId, event?.eventId ?? '')
  }

  async function putRecords({ memoryId, strategyIds }: { memoryId: string; strategyIds: Map<string, string> }) {
    if (records.length === 0) return
    const answer = await data.send(
      new BatchCreateMemoryRecordsCommand({
        memoryId,
        clientToken: tokenOf(memoryId, ...records.map(({ memoryRecordId }) => memoryRecordId)),
        records: records.map(({ memoryRecordId, text, namespaces, createdAt, memoryStrategyId = '', metadata }) => {
          const strategyId = strategyIds.get(memoryStrategyId)
          return {
            requestIdentifier: memoryRecordId,
            namespaces: namespaces.map((namespace) => (strategyId ? namespace.replaceAll(memoryStrategyId, strategyId) : namespace)),
            content: { text },
            timestamp: new Date(createdAt),
            ...(strategyId && { memoryStrategyId: strategyId }),
            ...(metadata && { metadata: metadataOf(metadata) }),
          }
        }),
      }),
    )
    for (const { requestIdentifier = '', errorMessage = '' } of answer.failedRecords ?? [])
      done.failed.push({ memoryRecordId: requestIdentifier, errorMessage })
    done.records += answer.successfulRecords?.length ?? 0
    for (const { requestIdentifier = '', memoryRecordId = '' } of answer.successfulRecords ?? []) recordIds.set(requestIdentifier, memoryRecordId)
    outdated.push(...records.filter(({ metadata = {} }) => outdatedBy in metadata))
    records = []
  }

  /** The newer record that made one untrue has another id here. */
  async function pointAtSuccessors(memoryId: string): Promise<void> {
    const updates = outdated.flatMap(({ memoryRecordId, createdAt, metadata = {} }) => {
      const [own, successor] = [recordIds.get(memoryRecordId), recordIds.get(stringIn(metadata[outdatedBy]))]
      if (own === undefined || successor === undefined) return []
      return [
        { memoryRecordId: own, timestamp: new Date(createdAt), metadata: { ...metadataOf(metadata), [outdatedBy]: { stringValue: successor } } },
      ]
    })
    for (let at = 0; at < updates.length; at += batch) {
      const answer = await data.send(new BatchUpdateMemoryRecordsCommand({ memoryId, records: updates.slice(at, at + batch) }))
      for (const { memoryRecordId = '', errorMessage = '' } of answer.failedRecords ?? []) done.failed.push({ memoryRecordId, errorMessage })
    }
  }
}

/** Of a record that is no longer true: which one says so. agentworks marks them, AWS has nothing of the name. */
const outdatedBy = 'x-agentworks-outdatedBy'

/** A line that somebody changed by hand would otherwise fail somewhere inside of a call, without its number. */
function checkWhole(member: object, at: number, name: string, texts: string[], time: string, list: string): void {
  const of = (key: string): unknown => Reflect.get(Object(member), key)
  const isWhole = texts.every((key) => typeof of(key) === 'string') && !Number.isNaN(Date.parse(String(of(time)))) && Array.isArray(of(list))
  if (!isWhole)
    throw new InvalidCall(`line ${at}: ${name}`, `lacks one of ${[...texts, time, list].join(', ')}`, 'Give the lines as export wrote them')
}

function headIn(line: MemoryLine): MemoryHead {
  const isWhole = 'strategies' in line && Array.isArray(line.strategies) && typeof line.strategyNames === 'object' && typeof line.memory === 'object'
  if (isWhole && line.agentworksMemory === 1 && line.strategyNames && line.memory) return line
  throw new InvalidCall('line 1', 'is no memory in a form that is known here', 'It begins with {"agentworksMemory":1')
}

function memoryFor(
  memories: Pick<Memories, 'createMemoryAndWait' | 'getMemory'>,
  head: MemoryHead,
  { memoryId, name }: ImportOptions,
): Promise<Memory> {
  if (memoryId !== undefined) return memories.getMemory(memoryId)
  const made = new Set(head.strategies.flatMap((input) => Object.values(input).map(({ name }: { name: string }) => name)))
  const custom = Object.values(head.strategyNames).filter((strategy) => !made.has(strategy))
  if (custom.length > 0)
    throw new InvalidCall(
      'strategies',
      `${custom.join(', ')}: custom, with prompts and a role of its owner`,
      'Make the memory first, then import into it',
    )
  const { name: exported, eventExpiryDuration, ...rest } = head.memory
  return memories.createMemoryAndWait({
    ...rest,
    name: name ?? exported,
    ...(eventExpiryDuration !== undefined && { eventExpiryDuration }),
    ...(head.strategies.length > 0 && { memoryStrategies: head.strategies as MemoryStrategyInput[] }),
  })
}

/** Strategies are the same when their names are: ids are the platform's. */
function strategyIds({ strategyNames }: MemoryHead, { strategies = [] }: Memory): Map<string, string> {
  const byName = new Map(strategies.map(({ name = '', strategyId = '' }) => [name, strategyId]))
  return new Map(Object.entries(strategyNames).flatMap(([id, name]) => (byName.has(name) ? [[id, byName.get(name) ?? '']] : [])))
}

const metadataOf = (metadata: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, metadataValue(value)]))

const stringIn = (value: unknown): string => (value as { stringValue?: string } | undefined)?.stringValue ?? ''

function metadataValue(value: unknown): MemoryRecordMetadataValue {
  if (typeof value === 'object' && value !== null && 'dateTimeValue' in value) return { dateTimeValue: new Date(String(value.dateTimeValue)) }
  return value as MemoryRecordMetadataValue
}

const isEvent = (line: MemoryLine): line is EventLine => 'event' in line
const isRecord = (line: MemoryLine): line is RecordLine => 'record' in line

const tokenOf = (...names: string[]) => createHash('sha256').update(names.join('\n')).digest('hex')

// One talk of one actor: what was said goes in, the last turns, branches and what was learned come out.
import { randomUUID } from 'node:crypto'
import {
  type BedrockAgentCoreClient,
  CreateEventCommand,
  type CreateEventInput,
  DeleteEventCommand,
  type Event,
  type EventMetadataFilterExpression,
  GetEventCommand,
  type MetadataValue,
  type PayloadType,
} from '@aws-sdk/client-bedrock-agentcore'
import { withHeaders } from '#client/own-headers.js'
import { type Actor, actorOf } from './actor.js'
import { branchesOf, conversationTree, type SessionBranch, type TreeBranch } from './branches.js'
import { type LlmTurn, type LlmTurnOptions, llmTurn } from './llm-turn.js'
import { type Message, messagesOf, payloadOf } from './messages.js'
import { type MemoryRecords, memoryRecords } from './records.js'
import { everyEvent, lastTurns, newestEvents, type OfBranch, type SessionNames } from './session-events.js'

export interface EventOptions {
  /** Now when absent; events are in the order of their times. */
  eventTimestamp?: Date
  metadata?: Record<string, string>
  /** An existing branch by its name; with `rootEventId`, a new one. */
  branch?: { name: string; rootEventId?: string }
  /** `SKIP`: nothing is learned from it. */
  extractionMode?: 'SKIP'
  /** Values of the memory's own namespace keys. */
  namespaceVariables?: Record<string, string>
  /** The same token again makes no second event; a new one when absent, so that the SDK's own retries make none. */
  clientToken?: string
  /** On agentworks: answers when all is learned from the event, or after so many seconds, whichever is first. AWS does not know it. */
  waitForExtraction?: number
}

export interface ListEventsOptions extends OfBranch {
  /** Of all branches, unless one is named. */
  allBranches?: boolean
  eventMetadata?: EventMetadataFilterExpression[]
  /** The newest so many; all when absent. */
  maxResults?: number
  includePayloads?: boolean
}

export interface MemorySession extends SessionNames, MemoryRecords {
  /** Messages that belong together, such as a question and its answer: one event. */
  addTurns(messages: readonly Message[], options?: EventOptions): Promise<Event>
  /** What is no talk: any JSON. It is kept, and nothing is learned from it. */
  addBlob(blob: unknown, options?: EventOptions): Promise<Event>
  /** Messages, blobs and documents as AWS has them. */
  createEvent(payload: PayloadType[], options?: EventOptions): Promise<Event>
  getEvent(eventId: string): Promise<Event>
  deleteEvent(eventId: string): Promise<void>
  /** Oldest first. */
  listEvents(options?: ListEventsOptions): Promise<Event[]>
  /** The last `turns` (5 when absent), oldest first. A turn is what the user says and what follows. */
  getLastKTurns(turns?: number, of?: OfBranch): Promise<Message[][]>
  /** The talk goes on differently from one of its events: a branch, begun by these messages. */
  forkConversation(fork: { rootEventId: string; branchName: string; messages: readonly Message[] } & Omit<EventOptions, 'branch'>): Promise<Event>
  listBranches(): Promise<SessionBranch[]>
  listBranchEvents(branchName: string, options?: Omit<ListEventsOptions, 'branchName' | 'allBranches'>): Promise<Event[]>
  /** `undefined` when nothing was said yet. */
  getConversationTree(): Promise<TreeBranch | undefined>
  /** What the branch and all that it forked from say, oldest first: the context of an answer on it. */
  mergeBranchContext(branchName: string): Promise<Message[]>
  /** Looks up what is known, asks the model, keeps question and answer. */
  processTurnWithLlm(turn: LlmTurnOptions): Promise<LlmTurn>
  getActor(): Actor
}

export interface SessionParts {
  data: BedrockAgentCoreClient
  now: () => Date
}

export function memorySession({ data, now }: SessionParts, names: SessionNames): MemorySession {
  const records = memoryRecords(data, names)

  async function createEvent(payload: PayloadType[], options: EventOptions = {}): Promise<Event> {
    const { eventTimestamp = now(), metadata, namespaceVariables, clientToken = randomUUID(), waitForExtraction, ...rest } = options
    const input: CreateEventInput = {
      ...names,
      ...rest,
      eventTimestamp,
      payload,
      clientToken,
      ...(metadata && { metadata: metadataOf(metadata) }),
      ...(namespaceVariables && { extractionConfig: { namespaceVariables } }),
    }
    const headers: Record<string, string> = waitForExtraction === undefined ? {} : { 'x-agentworks-wait-for-extraction': String(waitForExtraction) }
    const { event } = await data.send(withHeaders(new CreateEventCommand(input), headers))
    if (!event) throw new Error('the platform answered without the event')
    return event
  }

  const addTurns = (messages: readonly Message[], options?: EventOptions) => createEvent(payloadOf(messages), options)

  async function listEvents({
    allBranches,
    branchName,
    includeParentBranches = false,
    eventMetadata,
    maxResults,
    includePayloads,
  }: ListEventsOptions = {}) {
    const most = maxResults ?? Number.POSITIVE_INFINITY
    const events =
      allBranches || eventMetadata || includePayloads === false
        ? everyEvent(data, {
            ...names,
            ...(includePayloads !== undefined && { includePayloads }),
            filter: { ...(branchName && { branch: { name: branchName, includeParentBranches } }), ...(eventMetadata && { eventMetadata }) },
          })
        : newestEvents(data, names, { branchName, includeParentBranches })
    const found: Event[] = []
    if (most > 0)
      for await (const event of events) {
        found.push(event)
        if (found.length >= most) break
      }
    return found.toReversed()
  }

  return {
    ...names,
    ...records,
    addTurns,
    addBlob: (blob, options) => createEvent([{ blob: blob as never }], options),
    createEvent,
    async getEvent(eventId) {
      const { event } = await data.send(new GetEventCommand({ ...names, eventId }))
      if (!event) throw new Error('the platform answered without the event')
      return event
    },
    async deleteEvent(eventId) {
      await data.send(new DeleteEventCommand({ ...names, eventId }))
    },
    listEvents,
    getLastKTurns: (turns = 5, of) => lastTurns(data, names, turns, of),
    forkConversation: ({ rootEventId, branchName, messages, ...options }) =>
      addTurns(messages, { ...options, branch: { name: branchName, rootEventId } }),
    listBranches: () => branchesOf(data, names),
    listBranchEvents: (branchName, options) => listEvents({ ...options, branchName }),
    getConversationTree: () => conversationTree(data, names),
    mergeBranchContext: async (branchName) => (await listEvents({ branchName, includeParentBranches: true })).flatMap(messagesOf),
    processTurnWithLlm: (turn) => llmTurn({ data, names, addTurns }, turn),
    getActor: () => actorOf({ data, now }, names.memoryId, names.actorId),
  }
}

const metadataOf = (metadata: Record<string, string>): Record<string, MetadataValue> =>
  Object.fromEntries(Object.entries(metadata).map(([key, stringValue]) => [key, { stringValue }]))

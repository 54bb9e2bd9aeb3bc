// Events: create, get, list, delete, and whose they are: actors and their sessions.
import type {
  DeleteEventInput,
  DeleteEventOutput,
  EventMetadataFilterExpression,
  GetEventInput,
  GetEventOutput,
  ListActorsInput,
  ListActorsOutput,
  ListEventsInput,
  ListEventsOutput,
  ListSessionsInput,
  ListSessionsOutput,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Living, MetadataTest, SessionKey } from '#ports/memory-events.js'
import type { Reader } from '#ports/store.js'
import { partsOf } from './branches.js'
import { createEvent } from './create-event.js'
import { livingSince } from './documents.js'
import { eventIdOf, eventKeyOf } from './event-ids.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import { pageBytes, usualPage } from './limits.js'
import { listToken, readListToken } from './list-tokens.js'
import type { MemoryPorts } from './ports.js'
import { presentEvent, presentEvents } from './present-event.js'

export function eventOperations(ports: MemoryPorts) {
  const { store, events, clock } = ports

  /** Throws for a memory that is not there; tells from when its events live. */
  async function open(reader: Reader, scope: Scope, idOrArn: string) {
    const key = memoryKeyOf(scope, idOrArn)
    return { key, since: livingSince(await findActiveMemory(reader, key), clock.now()) }
  }

  async function openSession(
    reader: Reader,
    scope: Scope,
    { memoryId, actorId, sessionId }: Pick<GetEventInput, 'memoryId' | 'actorId' | 'sessionId'>,
  ) {
    const { key, since } = await open(reader, scope, memoryId)
    return { session: { ...key, actorId, sessionId } satisfies SessionKey, living: { since } satisfies Living }
  }

  return {
    CreateEvent: createEvent(ports),

    async GetEvent(ctx: Context, input: GetEventInput): Promise<GetEventOutput> {
      const { session, living } = await openSession(store, ctx, input)
      const key = eventKeyOf(input.eventId)
      const found = key && (await events.get(session, key, living))
      if (!found) throw notFound('Event', input.eventId)
      return { event: await presentEvent(events, session, found) }
    },

    /** Newest first: an agent asks for the last of a talk, and AWS's SDKs turn the page round. */
    async ListEvents(ctx: Context, input: ListEventsInput): Promise<ListEventsOutput> {
      const { includePayloads = true, filter = {}, maxResults = usualPage, nextToken } = input
      const { session, living } = await openSession(store, ctx, input)
      const list = { of: 'ListEvents', ...session, filter }
      const after = afterEvent(readListToken(list, nextToken))
      const found = await events.page(session, {
        ...living,
        ...(after && { after }),
        ...(includePayloads && { bytes: pageBytes }),
        ...(filter.branch && { branches: await partsOf(events, session, filter.branch) }),
        ...(filter.eventMetadata && { metadata: filter.eventMetadata.map(metadataTest) }),
        order: 'newest first',
        limit: maxResults + 1,
        payloads: includePayloads,
      })
      const page = found.slice(0, maxResults)
      const isCut = page.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0) >= pageBytes
      const last = page.at(-1)
      return {
        events: await presentEvents(events, session, page),
        nextToken: last && (found.length > maxResults || isCut) ? listToken(list, eventIdOf(last)) : undefined,
      }
    },

    async DeleteEvent(ctx: Context, input: DeleteEventInput): Promise<DeleteEventOutput> {
      const { eventId } = input
      const key = eventKeyOf(eventId)
      const isGone = await store.transaction(async (tx) => {
        const { session, living } = await openSession(tx, ctx, input)
        const inside = events.within(tx)
        return key !== undefined && (await inside.get(session, key, living)) !== undefined && inside.delete(session, key)
      })
      if (!isGone) throw notFound('Event', eventId)
      return { eventId }
    },

    async ListActors(ctx: Context, { memoryId, maxResults = usualPage, nextToken }: ListActorsInput): Promise<ListActorsOutput> {
      const { key, since } = await open(store, ctx, memoryId)
      const list = { of: 'ListActors', ...key }
      const actors = await events.actors(key, { since, limit: maxResults + 1, ...afterName(readListToken(list, nextToken)) })
      const page = actors.slice(0, maxResults)
      return {
        actorSummaries: page.map((actorId) => ({ actorId })),
        nextToken: actors.length > maxResults ? listToken(list, page.at(-1) ?? '') : undefined,
      }
    },

    async ListSessions(ctx: Context, input: ListSessionsInput): Promise<ListSessionsOutput> {
      const { memoryId, actorId, maxResults = usualPage, nextToken, filter = {} } = input
      const { key, since } = await open(store, ctx, memoryId)
      const list = { of: 'ListSessions', ...key, actorId, filter }
      const withEvents = filter.eventFilter === 'HAS_EVENTS'
      const sessions = await events.sessions(key, actorId, {
        since,
        limit: maxResults + 1,
        withEvents,
        ...afterName(readListToken(list, nextToken)),
      })
      const page = sessions.slice(0, maxResults)
      return {
        sessionSummaries: page.map(({ sessionId, createdAt }) => ({ sessionId, actorId, createdAt })),
        nextToken: sessions.length > maxResults ? listToken(list, page.at(-1)?.sessionId ?? '') : undefined,
      }
    },
  }
}

const afterName = (after: string | undefined) => (after === undefined ? {} : { after })
const afterEvent = (eventId: string | undefined) => (eventId === undefined ? undefined : eventKeyOf(eventId))

function metadataTest({ left, operator, right }: EventMetadataFilterExpression, at: number): MetadataTest {
  const key = left.metadataKey
  const field = `filter.eventMetadata[${at}].right`
  if (operator === 'EQUALS_TO') {
    if (!right) throw invalid(field, 'is required with EQUALS_TO: the value to compare with')
    return { key, operator, value: right.metadataValue.stringValue }
  }
  if (right) throw invalid(field, `means nothing with ${operator}; leave it out`)
  return { key, operator }
}

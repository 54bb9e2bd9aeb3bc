// Short-term memory by stock clients: what goes in comes out, in order, by pages, for as long as it was asked to be kept.
import {
  CreateEventCommand,
  type CreateEventCommandInput,
  DeleteEventCommand,
  GetEventCommand,
  ListActorsCommand,
  ListEventsCommand,
  type ListEventsCommandInput,
  ListSessionsCommand,
  paginateListEvents,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, DeleteMemoryCommand, UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, type OpenMemory, openMemory } from './memory.fixture.js'

let kit: OpenMemory
let memoryId: string
beforeAll(async () => {
  kit = await openMemory()
  memoryId = await newMemory('Talks')
})
afterAll(async () => {
  expect(kit.defects).toEqual([])
  expect(kit.errors).toEqual([])
  await kit.close()
})

let sessions = 0
const newSession = () => ({ memoryId, actorId: 'user-ada', sessionId: `session-${++sessions}` })
type Session = ReturnType<typeof newSession>

async function newMemory(name: string, more: { eventExpiryDuration?: number; namespaceKeys?: [{ key: string; validation?: object }] } = {}) {
  const { memory } = await kit.control.send(new CreateMemoryCommand({ name, eventExpiryDuration: 30, ...more }))
  return memory?.id ?? ''
}

const say = (text: string) => [{ conversational: { content: { text }, role: 'USER' as const } }]

async function create(session: Session, more: Partial<CreateEventCommandInput> = {}) {
  const { event } = await kit.data.send(
    new CreateEventCommand({ ...session, eventTimestamp: new Date(kit.time.now), payload: say('hello'), ...more }),
  )
  if (!event?.eventId) throw new Error('no event')
  return { ...event, eventId: event.eventId }
}

async function list(session: Session, more: Partial<ListEventsCommandInput> = {}) {
  return (await kit.data.send(new ListEventsCommand({ ...session, ...more }))).events ?? []
}

const textsOf = (events: Awaited<ReturnType<typeof list>>) => events.map(({ payload }) => payload?.[0]?.conversational?.content?.text)

describe('an event', () => {
  it('comes back letter for letter, whatever its text and its documents hold', async () => {
    const session = newSession()
    const document = {
      nul: '\0',
      face: '🦀👩‍👩‍👧',
      rtl: 'שלום ‏',
      n: [0.1, -1e-9, 12345678901],
      deep: { 'a.b"c': [null, true, {}] },
    }
    const payload = [
      { conversational: { content: { text: '\0 🦀 שלום \u2028 '.repeat(1000) }, role: 'TOOL' as const } },
      { blob: document },
      { blob: 'plain' },
      { json: { content: document } },
    ]
    const metadata = { source: { stringValue: 'web chat' }, 'a:b/c': { stringValue: '' } }
    const created = await create(session, { payload, metadata, eventTimestamp: new Date('2026-01-31T09:30:00.123Z') })
    expect(created).toMatchObject({ ...session, payload, metadata, eventTimestamp: new Date('2026-01-31T09:30:00.123Z'), branch: { name: 'main' } })
    expect(created.eventId).toMatch(/^000000\d{13}#[0-9a-f]+$/)
    const { event } = await kit.data.send(new GetEventCommand({ ...session, eventId: created.eventId }))
    expect(event).toEqual(created)
    expect(await list(session)).toEqual([created])
    expect(await list(session, { includePayloads: false })).toEqual([{ ...created, payload: [] }])
  })

  it('keeps numbers that JavaScript cannot hold, as other languages send them', async () => {
    const session = newSession()
    const document = '{"big":12345678901234567890,"far":1e400,"near":-1e-400,"fine":3.14159265358979323846,"usual":[1.5,100000,0]}'
    const body = `{"actorId":"a","sessionId":"${session.sessionId}","eventTimestamp":1763671200.0,"payload":[{"blob":${document}},{"json":{"content":${document}}}]}`
    expect(await kit.postSigned(`/memories/${memoryId}/events`, body)).toContain(`{"blob":${document}},{"json":{"content":${document}}}`)
    expect(await kit.postSigned(`/memories/${memoryId}/actor/a/sessions/${session.sessionId}`, '{}')).toContain(`"blob":${document}`)
  })

  it('gets a session where the caller names none, and is found by the memory’s ARN, too', async () => {
    const arn = `arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${memoryId}`
    const { event } = await kit.data.send(
      new CreateEventCommand({ memoryId: arn, actorId: 'a:b/c', eventTimestamp: new Date(), payload: [], clientToken: 'own-session' }),
    )
    expect(event?.sessionId).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/)
    expect(event?.memoryId).toBe(memoryId)
    expect(await list({ memoryId: arn, actorId: 'a:b/c', sessionId: event?.sessionId ?? '' })).toHaveLength(1)
    const elsewhere = arn.replace('us-east-1', 'eu-west-1')
    await expect(list({ memoryId: elsewhere, actorId: 'a', sessionId: 's' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect(kit.asked).toContain(`bedrock-agentcore:CreateEvent ${arn}`)
  })

  it('is made once by a client token, and the token is refused for another event', async () => {
    const session = newSession()
    const { sessionId: _, ...open } = session
    for (const target of [session, open] as Session[]) {
      const clientToken = `token-${JSON.stringify(target).length}`
      const eventTimestamp = new Date(5_000)
      const first = await create(target, { clientToken, eventTimestamp, metadata: { a: { stringValue: '1' } } })
      expect(await create(target, { clientToken, eventTimestamp, metadata: { a: { stringValue: '1' } } })).toEqual(first)
      expect(await list(first as Session)).toHaveLength(1)
      await expect(create(target, { clientToken, eventTimestamp })).rejects.toMatchObject({
        name: 'ValidationException',
        reason: 'IdempotentParameterMismatchException',
      })
      await kit.data.send(new DeleteEventCommand({ ...(first as Session), eventId: first.eventId }))
      expect(await create(target, { clientToken, eventTimestamp, metadata: { a: { stringValue: '1' } } })).toEqual(first)
      expect(await list(first as Session)).toEqual([])
    }
  })

  it('is gone when deleted, and only for who names all of it', async () => {
    const session = newSession()
    const { eventId } = await create(session)
    for (const wrong of [{ actorId: 'other' }, { sessionId: 'other' }, { eventId: `${eventId}0` }, { eventId: eventId.replace(/^0/, '') }]) {
      const named = { ...session, eventId, ...wrong }
      await expect(kit.data.send(new GetEventCommand(named))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
      await expect(kit.data.send(new DeleteEventCommand(named))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    }
    expect(await kit.data.send(new DeleteEventCommand({ ...session, eventId }))).toMatchObject({ eventId })
    await expect(kit.data.send(new GetEventCommand({ ...session, eventId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(kit.data.send(new DeleteEventCommand({ ...session, eventId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect(await list(session)).toEqual([])
  })
})

describe('a list of events', () => {
  it('has the newest first by their own time to the millisecond, then by arrival, and pages through all of them once', async () => {
    const session = newSession()
    const times = [3, 1, 2, 2, 2.4, 9]
    for (const [n, at] of times.entries()) await create(session, { eventTimestamp: new Date(at), payload: say(`${n}`) })
    const wanted = ['5', '0', '4', '3', '2', '1']
    expect(textsOf(await list(session))).toEqual(wanted)
    for (const pageSize of [1, 2, 4]) {
      const seen = []
      for await (const page of paginateListEvents({ client: kit.data, pageSize }, { ...session })) seen.push(...textsOf(page.events ?? []))
      expect(seen).toEqual(wanted)
    }
  })

  it('refuses a token of another list, and none that it gave itself', async () => {
    const [one, other] = [newSession(), newSession()]
    for (const session of [one, one, other, other]) await create(session)
    const { nextToken } = await kit.data.send(new ListEventsCommand({ ...one, maxResults: 1 }))
    expect(await list(one, { maxResults: 1, nextToken })).toHaveLength(1)
    const refused = { name: 'ValidationException', message: expect.stringContaining('nextToken') }
    await expect(list(other, { maxResults: 1, nextToken })).rejects.toMatchObject(refused)
    await expect(list(one, { filter: { branch: { name: 'main' } }, nextToken })).rejects.toMatchObject(refused)
    await expect(kit.data.send(new ListActorsCommand({ memoryId, nextToken }))).rejects.toMatchObject(refused)
    await expect(list(one, { nextToken: 'made-up' })).rejects.toMatchObject(refused)
  })

  it('ends a page early when its payloads are large, and goes on with the next', async () => {
    const session = newSession()
    const large = 'x'.repeat(4_000_000)
    for (let n = 0; n < 4; n++) await create(session, { eventTimestamp: new Date(n), payload: [{ blob: large }] })
    const sizes = []
    for await (const page of paginateListEvents({ client: kit.data, pageSize: 100 }, { ...session })) sizes.push(page.events?.length)
    expect(sizes).toEqual([3, 1])
    expect(await list(session, { includePayloads: false })).toHaveLength(4)
  })

  it('is filtered by metadata', async () => {
    const session = newSession()
    const tag = (color?: string, size?: string) => ({ ...(color && { color: { stringValue: color } }), ...(size && { size: { stringValue: size } }) })
    for (const [n, metadata] of [tag('red'), tag('blue', 'big'), tag('red', 'big'), {}].entries())
      await create(session, { eventTimestamp: new Date(n), payload: say(`${n}`), metadata })
    const filter = (...eventMetadata: object[]) => list(session, { filter: { eventMetadata: eventMetadata as never } }).then(textsOf)
    const is = (key: string, value: string) => ({
      left: { metadataKey: key },
      operator: 'EQUALS_TO',
      right: { metadataValue: { stringValue: value } },
    })
    expect(await filter(is('color', 'red'))).toEqual(['2', '0'])
    expect(await filter(is('color', 'red'), is('size', 'big'))).toEqual(['2'])
    expect(await filter(is('color', 're'))).toEqual([])
    expect(await filter({ left: { metadataKey: 'size' }, operator: 'EXISTS' })).toEqual(['2', '1'])
    expect(await filter({ left: { metadataKey: 'size' }, operator: 'NOT_EXISTS' })).toEqual(['3', '0'])
    await expect(filter({ left: { metadataKey: 'size' }, operator: 'EQUALS_TO' })).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(filter({ ...is('size', 'big'), operator: 'EXISTS' })).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

describe('branches', () => {
  it('fork from any event, of any branch, and are listed with or without what they forked from', async () => {
    const session = newSession()
    let at = 0
    const add = async (text: string, branch?: { name: string; rootEventId?: string }) =>
      (await create(session, { eventTimestamp: new Date(++at), payload: say(text), ...(branch && { branch }) })).eventId
    await add('m1')
    const m2 = await add('m2')
    await add('m3')
    const a1 = await add('a1', { name: 'a', rootEventId: m2 })
    await add('a2', { name: 'a' })
    await add('b1', { name: 'b', rootEventId: a1 })
    await add('m4', { name: 'main' })
    const of = async (name: string, includeParentBranches?: boolean) =>
      textsOf(await list(session, { filter: { branch: { name, ...(includeParentBranches !== undefined && { includeParentBranches }) } } }))
    expect(textsOf(await list(session))).toEqual(['m4', 'b1', 'a2', 'a1', 'm3', 'm2', 'm1'])
    expect(await of('main')).toEqual(['m4', 'm3', 'm2', 'm1'])
    expect(await of('main', true)).toEqual(['m4', 'm3', 'm2', 'm1'])
    expect(await of('a')).toEqual(['a2', 'a1'])
    expect(await of('a', true)).toEqual(['a2', 'a1', 'm2', 'm1'])
    expect(await of('b', true)).toEqual(['b1', 'a1', 'm2', 'm1'])
    expect(await of('unknown', true)).toEqual([])
    const [first] = await list(session, { filter: { branch: { name: 'b' } } })
    expect(first?.branch).toEqual({ name: 'b', rootEventId: a1 })
  })

  it('are refused without a root, with another root, and with a root of another session', async () => {
    const session = newSession()
    const { eventId } = await create(session)
    const { eventId: second } = await create(session)
    const { eventId: foreign } = await create(newSession())
    await create(session, { branch: { name: 'side', rootEventId: eventId } })
    const branch = (name: string, rootEventId?: string) => create(session, { branch: { name, rootEventId } })
    await expect(branch('new')).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('branch.rootEventId') })
    await expect(branch('side', second)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(eventId) })
    await expect(branch('main', eventId)).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(branch('new', foreign)).rejects.toMatchObject({ name: 'ValidationException', reason: 'EventInOtherSession' })
    await expect(branch('new', `${eventId}0`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect(await list(session)).toHaveLength(3)
  })
})

describe('actors and sessions', () => {
  it('are listed by pages, each once, and sessions without events on demand not', async () => {
    const own = await newMemory('Actors')
    for (const actorId of ['b', 'a', 'c'])
      for (const sessionId of ['s1', 's2']) await create({ memoryId: own, actorId, sessionId }, { clientToken: `${actorId}${sessionId}` })
    const { actorSummaries, nextToken } = await kit.data.send(new ListActorsCommand({ memoryId: own, maxResults: 2 }))
    expect(actorSummaries).toEqual([{ actorId: 'a' }, { actorId: 'b' }])
    const rest = await kit.data.send(new ListActorsCommand({ memoryId: own, maxResults: 2, nextToken }))
    expect(rest).toMatchObject({ actorSummaries: [{ actorId: 'c' }] })
    expect(rest.nextToken).toBeUndefined()
    const ofA = { memoryId: own, actorId: 'a' }
    const sessionsOf = await kit.data.send(new ListSessionsCommand(ofA))
    expect(sessionsOf.sessionSummaries).toEqual([
      { sessionId: 's1', actorId: 'a', createdAt: new Date(kit.time.now) },
      { sessionId: 's2', actorId: 'a', createdAt: new Date(kit.time.now) },
    ])
    const [event] = await list({ ...ofA, sessionId: 's1' })
    await kit.data.send(new DeleteEventCommand({ ...ofA, sessionId: 's1', eventId: event?.eventId }))
    const withEvents = await kit.data.send(new ListSessionsCommand({ ...ofA, filter: { eventFilter: 'HAS_EVENTS' } }))
    expect(withEvents.sessionSummaries?.map(({ sessionId }) => sessionId)).toEqual(['s2'])
    expect((await kit.data.send(new ListSessionsCommand({ memoryId: own, actorId: 'nobody' }))).sessionSummaries).toEqual([])
  })
})

describe('the time that events are kept', () => {
  it('ends for readers at once, follows the memory’s setting, and frees the rows in the background', async () => {
    const own = await newMemory('Short', { eventExpiryDuration: 3 })
    const session = { memoryId: own, actorId: 'a', sessionId: 'old' }
    const key = { account: '000000000000', region: 'us-east-1', memoryId: own }
    const { eventId } = await create(session, { eventTimestamp: new Date('2020-01-01') })
    kit.time.now += 3 * dayMs
    expect(await list(session)).toHaveLength(1)
    kit.time.now += 1
    expect(await list(session)).toEqual([])
    await expect(kit.data.send(new GetEventCommand({ ...session, eventId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(create(session, { branch: { name: 'b', rootEventId: eventId } })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect((await kit.data.send(new ListActorsCommand({ memoryId: own }))).actorSummaries).toEqual([])
    await kit.control.send(new UpdateMemoryCommand({ memoryId: own, eventExpiryDuration: 4 }))
    expect(await list(session)).toHaveLength(1)
    kit.time.now += dayMs
    kit.passTime()
    await expect.poll(() => kit.events.byArrival(key, { since: 0, limit: 10 }), { timeout: 10_000 }).toEqual([])
    await expect.poll(() => kit.events.sessions(key, 'a', { since: 0, limit: 10, withEvents: false }), { timeout: 10_000 }).toEqual([])
  })

  it('ends with the memory: nothing of it is left, and its name is free', async () => {
    const own = await newMemory('Doomed')
    const session = { memoryId: own, actorId: 'a', sessionId: 's' }
    await create(session)
    expect(await kit.control.send(new DeleteMemoryCommand({ memoryId: own }))).toMatchObject({ memoryId: own, status: 'DELETING' })
    await expect(create(session)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await kit.service.settled()
    await expect(list(session)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect(await kit.events.byArrival({ account: '000000000000', region: 'us-east-1', memoryId: own }, { since: 0, limit: 10 })).toEqual([])
    expect(await newMemory('Doomed')).not.toBe(own)
  })
})

describe('what CreateEvent refuses', () => {
  it('names the field: sizes, times and variables', async () => {
    const session = newSession()
    const own = await newMemory('Variables', { namespaceKeys: [{ key: 'team', validation: { regexPattern: '[a-z]+-[0-9]' } }] })
    const item = { conversational: { content: { text: 'x' }, role: 'USER' as const } }
    const fifteen = Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`k${n}`, { stringValue: 'v' }]))
    await create(session, { payload: Array.from({ length: 100 }, () => item), metadata: fifteen })
    await create(session, { payload: say('é'.repeat(50_000)) })
    await create(session, { payload: [{ blob: 'x'.repeat(9_999_987) }] })
    const refused: [string, Partial<CreateEventCommandInput>][] = [
      ['payload', { payload: Array.from({ length: 101 }, () => item) }],
      ['payload[0].conversational.content.text', { payload: say('x'.repeat(100_001)) }],
      ['payload[0].conversational.content.text', { payload: say('é'.repeat(50_001)) }],
      ['payload[0].json.content', { payload: [{ json: { content: 'x'.repeat(99_999) } }] }],
      ['payload', { payload: [{ blob: 'x'.repeat(9_999_988) }] }],
      ['metadata', { metadata: { ...fifteen, k16: { stringValue: 'v' } } }],
      ['eventTimestamp', { eventTimestamp: new Date(-1) }],
      ['actorId', { actorId: '-a' }],
      ['sessionId', { sessionId: 'a/b' }],
      ['extractionConfig.namespaceVariables.team', { extractionConfig: { namespaceVariables: { team: 'red-1' } } }],
      ['extractionConfig.namespaceVariables.team', { memoryId: own, extractionConfig: { namespaceVariables: { team: 'red' } } }],
    ]
    for (const [field, more] of refused)
      await expect(create(session, more), field).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(field) })
    expect(await list(session, { includePayloads: false })).toHaveLength(3)
    await create(session, { memoryId: own, extractionConfig: { namespaceVariables: { team: 'red-1' } }, extractionMode: 'SKIP' })
  })

  it('ends a pattern that would match for ever', async () => {
    const own = await newMemory('Patient', { namespaceKeys: [{ key: 'team', validation: { regexPattern: '(a+)+b' } }] })
    const refusal = create({ ...newSession(), memoryId: own }, { extractionConfig: { namespaceVariables: { team: 'a'.repeat(64) } } })
    await expect(refusal).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

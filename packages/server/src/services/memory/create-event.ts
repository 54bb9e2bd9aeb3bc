// CreateEvent: the event, its branch, its token and what follows from it are one transaction.
import type { CreateEventInput, CreateEventOutput } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalidFields } from '#kernel/errors.js'
import type { MemoryEventWrites, MemoryKey } from '#ports/memory-events.js'
import type { Transaction } from '#ports/store.js'
import { branchFor, mainBranch } from './branches.js'
import { livingSince } from './documents.js'
import { eventIdOf } from './event-ids.js'
import { eventFingerprint, readEvent } from './event-input.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import { tokenKeptMs } from './limits.js'
import { checkedVariables } from './namespace-keys.js'
import type { AcceptedEvent, MemoryPorts } from './ports.js'
import { presentEvent } from './present-event.js'

export function createEvent({ store, events, clock, ids, followers }: MemoryPorts) {
  return async (ctx: Context, input: CreateEventInput): Promise<CreateEventOutput> => {
    const memoryKey = memoryKeyOf(ctx, input.memoryId)
    for (const follower of followers) follower.checked?.(ctx)
    const { payload: text, ...read } = readEvent(input)
    const token =
      input.clientToken === undefined ? undefined : { token: input.clientToken, fingerprint: eventFingerprint(input, { ...read, payload: text }) }
    // Before the transaction: a customer's pattern may take its time, and everybody's writes would wait.
    const namespaceVariables = checkedVariables(await findActiveMemory(store, memoryKey), input.extractionConfig?.namespaceVariables)
    const event = await store.transaction(append)
    for (const follower of followers) await follower.committed(ctx, event)
    return { event: await presentEvent(events, event.session, { ...read, ...event.session, ...event.key, branch: event.branch, payload: text }) }

    async function append(tx: Transaction): Promise<AcceptedEvent> {
      const inside = events.within(tx)
      const memory = await findActiveMemory(tx, memoryKey)
      const rest = {
        memory,
        metadata: read.metadata,
        payload: input.payload,
        ...(input.extractionMode && { extractionMode: input.extractionMode }),
        namespaceVariables,
      }
      const before = token && (await madeBefore(inside, memoryKey, token))
      if (before) {
        const session = { ...memoryKey, actorId: input.actorId, sessionId: before.sessionId }
        return { ...rest, session, key: before.key, eventId: eventIdOf(before.key), ...branchOf(input.branch?.name) }
      }
      const session = { ...memoryKey, actorId: input.actorId, sessionId: input.sessionId ?? ids.uuid() }
      const branch = branchOf(await branchFor(inside, session, input.branch, { since: livingSince(memory, clock.now()) }))
      const key = await inside.append(session, { ...read, payload: text, ...branch })
      if (token) await inside.putToken(memoryKey, { ...token, sessionId: session.sessionId, key })
      const event = { ...rest, session, key, eventId: eventIdOf(key), ...branch }
      for (const follower of followers) await follower.appended(tx, event)
      return event
    }
  }

  async function madeBefore(inside: MemoryEventWrites, memory: MemoryKey, { token, fingerprint }: { token: string; fingerprint: string }) {
    const before = await inside.token(memory, token, clock.now() - tokenKeptMs)
    if (before && before.fingerprint !== fingerprint)
      throw invalidFields(
        [{ name: 'clientToken', message: 'was used before with other parameters; send a new one for a new event' }],
        'IdempotentParameterMismatchException',
      )
    return before
  }
}

const branchOf = (name: string | undefined) => (name === undefined || name === mainBranch ? {} : { branch: name })

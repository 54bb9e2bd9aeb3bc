// A self-managed strategy's triggers: so many messages, so many tokens, or so long a silence.
import type { StrategyDocument } from '#services/memory/documents.js'
import type { AcceptedEvent } from '#services/memory/ports.js'
import { selfManagedOf } from './kinds.js'
import { charactersPerToken, gatheredEvents } from './limits.js'
import { readableIn, turnsOf } from './turns.js'
import type { DeliveryWork } from './work.js'

/** Later than any clock, and still a number that a database keeps. */
const never = Number.MAX_SAFE_INTEGER

export function gathered(
  strategy: StrategyDocument,
  { key, payload }: Pick<AcceptedEvent, 'key' | 'payload'>,
  before: DeliveryWork | undefined,
  now: number,
): { work: DeliveryWork; due: number } {
  const messages = readableIn(payload)
  const characters = turnsOf(payload, key.at).reduce((sum, { text }) => sum + text.length, 0)
  const work: DeliveryWork = {
    kind: 'delivery',
    events: [...(before?.events ?? []), { ...key, messages }],
    messages: (before?.messages ?? 0) + messages.length,
    tokens: (before?.tokens ?? 0) + Math.ceil(characters / charactersPerToken),
  }
  return { work, due: dueOf(strategy, work, now) }
}

function dueOf(strategy: StrategyDocument, { events, messages, tokens }: DeliveryWork, now: number): number {
  if (events.length >= gatheredEvents) return now
  const times = (selfManagedOf(strategy)?.triggerConditions ?? []).map(({ messageBasedTrigger, tokenBasedTrigger, timeBasedTrigger }) => {
    if (messageBasedTrigger) return messages >= (messageBasedTrigger.messageCount ?? 1) ? now : never
    if (tokenBasedTrigger) return tokens >= (tokenBasedTrigger.tokenCount ?? 1) ? now : never
    return now + (timeBasedTrigger?.idleSessionTimeout ?? 0) * 1_000
  })
  return Math.min(never, ...times)
}

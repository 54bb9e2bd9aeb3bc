// What of a payload is read: messages and JSON. A blob never is, as AWS says.
import type { PayloadType } from '@agentworks/model'
import type { StoredEvent } from '#ports/memory-events.js'
import type { Turn } from './mind.js'
import { saidIn } from './strands-envelope.js'

/** Places of the items that can be learned from. */
export function readableIn(payload: readonly PayloadType[]): number[] {
  return payload.flatMap((item, at) => ('blob' in item && item.blob !== undefined ? [] : [at]))
}

export function turnsOf(payload: readonly PayloadType[], at: number): Turn[] {
  return payload.flatMap(({ conversational, json }): Turn[] => {
    if (conversational) return [{ role: conversational.role, text: saidIn(conversational.content.text), at }]
    return json ? [{ role: 'OTHER', text: JSON.stringify(json.content), at }] : []
  })
}

export const turnsOfEvent = ({ payload, at }: Pick<StoredEvent, 'payload' | 'at'>) => turnsOf(JSON.parse(payload) as PayloadType[], at)

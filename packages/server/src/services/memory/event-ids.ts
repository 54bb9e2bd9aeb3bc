// An event's id says where it stands in its session: AWS's form, nineteen digits of milliseconds, then hexadecimal digits.
import type { EventKey } from '#ports/memory-events.js'

const millisecondDigits = 19

export function eventIdOf({ at, arrival }: EventKey): string {
  return `${String(at).padStart(millisecondDigits, '0')}#${arrival.toString(16)}`
}

/** `undefined` for an id that this service never gave. */
export function eventKeyOf(eventId: string): EventKey | undefined {
  const [digits = '', hex = ''] = eventId.split('#')
  const key = { at: Number(digits), arrival: Number.parseInt(hex, 16) }
  return Number.isSafeInteger(key.at) && Number.isSafeInteger(key.arrival) && eventIdOf(key) === eventId ? key : undefined
}

// An event's id says where it stands in its session: AWS's form, nineteen digits of milliseconds, then hexadecimal digits.
import type { EventKey } from '#ports/memory-events.js'

const millisecondDigits = 19

export function eventIdOf({ at, arrival }: EventKey): string {
  return `${String(at).padStart(millisecondDigits, '0')}#${hexOf(arrival)}`
}

const half = 2 ** 28

/** In two halves: V8 writes small integers in hexadecimal twenty times as fast as others, and a page has a hundred. */
function hexOf(whole: number): string {
  if (whole < half) return whole.toString(16)
  return Math.floor(whole / half).toString(16) + (whole % half).toString(16).padStart(7, '0')
}

/** `undefined` for an id that this service never gave. */
export function eventKeyOf(eventId: string): EventKey | undefined {
  const [digits = '', hex = ''] = eventId.split('#')
  const key = { at: Number(digits), arrival: Number.parseInt(hex, 16) }
  return Number.isSafeInteger(key.at) && Number.isSafeInteger(key.arrival) && eventIdOf(key) === eventId ? key : undefined
}

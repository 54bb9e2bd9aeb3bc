// What CreateEvent is given, checked and in the form that is kept.
import { createHash } from 'node:crypto'
import type { CreateEventInput, PayloadType } from '@agentworks/model'
import { canonicalJson } from '#kernel/canonical-json.js'
import { invalid } from '#kernel/errors.js'
import { eventBytes, itemBytes } from './limits.js'

export interface ReadEvent {
  at: number
  metadata: Record<string, string>
  /** The payload as JSON. */
  payload: string
}

export function readEvent({ eventTimestamp, metadata = {}, payload }: CreateEventInput): ReadEvent {
  if (eventTimestamp < 0) throw invalid('eventTimestamp', 'must not be before 1970-01-01T00:00:00Z: event ids count from there')
  return {
    // JavaScript's -0 is 0.
    at: Math.abs(eventTimestamp),
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, { stringValue }]) => [key, stringValue])),
    payload: payloadText(payload, 'payload', eventBytes),
  }
}

/** Also of data that is extracted from without an event, which has a bound of its own. */
export function payloadText(payload: readonly PayloadType[], field: string, most: number): string {
  for (const [at, { conversational, json }] of payload.entries()) {
    if (conversational) checkSize(conversational.content.text, `${field}[${at}].conversational.content.text`, itemBytes, 'a message')
    else if (json) checkSize(JSON.stringify(json.content), `${field}[${at}].json.content`, itemBytes, 'a JSON item')
  }
  const text = JSON.stringify(payload)
  checkSize(text, field, most, 'an event')
  return text
}

function checkSize(text: string, field: string, most: number, what: string): void {
  // No character has more than three bytes for each of its UTF-16 units, so most texts need no count.
  if (text.length * 3 <= most) return
  const bytes = Buffer.byteLength(text)
  if (bytes > most) throw invalid(field, `has ${bytes} bytes; ${what} has at most ${most}. Send it in parts, or keep it elsewhere and send its name`)
}

/** Of all that makes one call the same as another, so that a token is good for one event only. */
export function eventFingerprint({ actorId, sessionId, branch, extractionMode, extractionConfig }: CreateEventInput, read: ReadEvent): string {
  const { payload, ...rest } = read
  const hash = createHash('sha256').update(canonicalJson({ actorId, sessionId, branch, extractionMode, extractionConfig, ...rest }))
  return hash.update(payload).digest('base64url')
}

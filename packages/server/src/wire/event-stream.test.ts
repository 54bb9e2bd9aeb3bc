import { EventStreamCodec } from '@smithy/core/event-streams'
import { fromUtf8, toUtf8 } from '@smithy/core/serde'
import { expect, test } from 'vitest'
import { eventFrame } from './event-stream.js'

const codec = new EventStreamCodec(toUtf8, fromUtf8)

test.each([
  [{}, ''],
  [{ ':event-type': 'chunk', ':message-type': 'event', ':content-type': 'application/json' }, '{"bytes":"AA=="}'],
  [{ ':message-type': 'error', ':error-code': 'X', ':error-message': 'grüße 😀' }, ''],
  [{ a: '', b: 'x'.repeat(5000) }, 'y'.repeat(200_000)],
])('the SDK’s decoder reads %j back', (headers: Record<string, string>, text) => {
  const message = codec.decode(eventFrame(headers, Buffer.from(text)))
  expect(Object.fromEntries(Object.entries(message.headers).map(([name, { value }]) => [name, value]))).toEqual(headers)
  expect(Buffer.from(message.body).toString()).toBe(text)
})

test('is byte for byte what the SDK’s encoder writes', () => {
  const headers = { ':event-type': 'chunk', ':message-type': 'event' }
  const theirs = codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }])),
    body: Buffer.from('{"a":1}'),
  })
  expect(eventFrame(headers, Buffer.from('{"a":1}')).equals(Buffer.from(theirs))).toBe(true)
})

test('a changed byte is noticed by whoever reads it', () => {
  const frame = eventFrame({ ':event-type': 'chunk' }, Buffer.from('{}'))
  frame[frame.length - 5] = 0
  expect(() => codec.decode(frame)).toThrow(/checksum/i)
})

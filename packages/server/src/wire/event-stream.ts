// AWS's event stream framing (application/vnd.amazon.eventstream): length, headers, payload, two checksums.
import { crc32 } from 'node:zlib'

export const eventStreamType = 'application/vnd.amazon.eventstream'

const stringHeader = 7
const preludeLength = 12
const crcLength = 4

/** Header names of at most 255 bytes, values of at most 64 KiB: strings are all that AWS's JSON events use. */
export function eventFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const encodedHeaders = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)))
  const length = preludeLength + encodedHeaders.length + payload.length + crcLength
  const frame = Buffer.allocUnsafe(length)
  frame.writeUInt32BE(length, 0)
  frame.writeUInt32BE(encodedHeaders.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  frame.set(encodedHeaders, preludeLength)
  frame.set(payload, preludeLength + encodedHeaders.length)
  frame.writeUInt32BE(crc32(frame.subarray(0, length - crcLength)), length - crcLength)
  return frame
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name)
  const valueBytes = Buffer.from(value)
  const header = Buffer.allocUnsafe(1 + nameBytes.length + 3 + valueBytes.length)
  header.writeUInt8(nameBytes.length, 0)
  header.set(nameBytes, 1)
  header.writeUInt8(stringHeader, 1 + nameBytes.length)
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length)
  header.set(valueBytes, 4 + nameBytes.length)
  return header
}

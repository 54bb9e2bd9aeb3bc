// Names that mean the platform inside sessions and that their hosts file cannot say: it has no wildcards, and each gateway has its own.
import { isGatewayHost } from '#kernel/aws-hosts.js'

const types = { ipv4: 1, internet: 1 } as const
/** Points back to the name of the question (RFC 1035 4.1.4). */
const sameName = 0xc00c
const secondsToKeep = 60
const loopback = [127, 0, 0, 1]

/** `question` is the part behind the header: name, type and class. Undefined where the name is somebody else's. */
export function ownAnswer(header: Buffer, question: Buffer | undefined): Buffer | undefined {
  if (!question || !isGatewayHost(nameOf(question))) return undefined
  const [type, kind] = [question.readUInt16BE(question.length - 4), question.readUInt16BE(question.length - 2)]
  // By IPv6 nobody answers there; the name exists all the same.
  const records = type === types.ipv4 && kind === types.internet ? [record()] : []
  const answer = Buffer.from(header)
  answer.writeUInt16BE(0x8480 | (header.readUInt16BE(2) & 0x0100), 2)
  for (const [at, count] of [1, records.length, 0, 0].entries()) answer.writeUInt16BE(count, 4 + 2 * at)
  return Buffer.concat([answer, question, ...records])
}

function record(): Buffer {
  const bytes = Buffer.alloc(16)
  for (const [at, value] of [sameName, types.ipv4, types.internet].entries()) bytes.writeUInt16BE(value, 2 * at)
  bytes.writeUInt32BE(secondsToKeep, 6)
  bytes.writeUInt16BE(loopback.length, 10)
  bytes.set(loopback, 12)
  return bytes
}

function nameOf(question: Buffer): string {
  const labels: string[] = []
  for (let at = 0, length = question[0] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return labels.join('.')
}

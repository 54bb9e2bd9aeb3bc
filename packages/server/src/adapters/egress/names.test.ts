// What sessions with internet are told of names, asked in the wire format, with a resolver of the test's own behind.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { type Names, names } from './names.js'

const types = { A: 1, AAAA: 28, TXT: 16 }
const asked: string[] = []
let upstream: Socket
let ask: Names

beforeAll(async () => {
  // Says of every name that it does not exist.
  upstream = createSocket('udp4', (question, from) => {
    asked.push(nameIn(question))
    const answer = Buffer.from(question)
    answer.writeUInt16BE(0x8183, 2)
    upstream.send(answer, from.port, from.address)
  }).bind(0, '127.0.0.1')
  await once(upstream, 'listening')
  ask = names({ upstreams: [`127.0.0.1:${(upstream.address() as AddressInfo).port}`], ids: randomIds, clock: systemClock })
})
afterAll(() => upstream.close())

function question(name: string, type: number): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)])
  const header = Buffer.from([0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])])
}

function nameIn(message: Buffer): string {
  return message.toString('latin1', 12, message.indexOf(0, 12))
}

it.each([
  'my-gateway-0123456789.gateway.bedrock-agentcore.eu-west-1.amazonaws.com',
  'Other-Gateway-0123456789.gateway.bedrock-agentcore.us-east-1.api.aws',
])('%s is the platform, on the loopback of the session', async (name) => {
  const sent = question(name, types.A)
  const answer = await ask('100.64.0.2', sent)
  expect(answer.subarray(0, 2)).toEqual(sent.subarray(0, 2))
  // An answer, without error, with one question and one record.
  expect(answer.subarray(2, 12).toString('hex')).toBe('85800001000100000000')
  expect(answer.subarray(12, sent.length)).toEqual(sent.subarray(12))
  expect(answer.subarray(sent.length).toString('hex')).toBe('c00c000100010000003c00047f000001')
  for (const type of [types.AAAA, types.TXT]) {
    const none = await ask('100.64.0.2', question(name, type))
    expect(none.subarray(2, 12).toString('hex')).toBe('85800001000000000000')
  }
  expect(asked).toEqual([])
})

it.each([
  's3.us-east-1.amazonaws.com',
  'my-bucket.s3.us-east-1.amazonaws.com',
  'lambda.us-east-1.amazonaws.com',
  'bedrock-runtime.us-east-1.amazonaws.com',
  'a.gateway.bedrock-agentcore.us-east-1.amazonaws.com.example.test',
])('%s is asked of the resolver', async (name) => {
  asked.length = 0
  const answer = await ask('100.64.0.2', question(name, types.A))
  expect(answer.readUInt16BE(2)).toBe(0x8183)
  expect(asked).toHaveLength(1)
})

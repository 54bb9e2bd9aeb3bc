import { once } from 'node:events'
import { bedrockAgentCore } from '@agentworks/model'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { restJson } from '#wire/rest-json/index.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { closing, dial, opened, refusal } from '#wire/web-socket/client.fixture.js'
import { openWorld } from './world.fixture.js'

const agent = `require('node:http').createServer((q, s) => s.end('{"status":"Healthy","time_of_last_update":1}')).listen(8080)`
const json = restJson(bedrockAgentCore, {})

let world: Awaited<ReturnType<typeof openWorld>>
let server: SignedServer
let arn: string

beforeAll(async () => {
  world = await openWorld()
  server = await signedServer({ of: () => json, fallback: json }, { webSockets: world.room.webSockets })
  arn = await world.agent('shelled', agent)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await world.close()
})

const session = (name: string) => `${name}-${'0'.repeat(33)}`

const dialShell = (name: string, shellId?: string) =>
  dial(server.port, {
    path: `/runtimes/${encodeURIComponent(arn)}/ws/shells`,
    query: shellId === undefined ? {} : { shellId },
    headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session(name) },
  })

async function shell(name: string, shellId?: string) {
  const socket = await dialShell(name, shellId)
  const frames: [number, string][] = []
  socket.on('message', (data: Buffer) => frames.push([data[0] ?? -1, data.subarray(1).toString('utf8')]))
  const response = await opened(socket)
  const textOf = (channel: number) =>
    frames
      .filter(([from]) => from === channel)
      .map(([, text]) => text)
      .join('')
  const send = (channel: number, text = '') => socket.send(Buffer.concat([Uint8Array.of(channel), Buffer.from(text)]))
  return {
    socket,
    frames,
    headers: response.headers,
    send,
    type: (text: string) => send(0, text),
    screen: () => textOf(1),
    shows: (text: string | RegExp, channel = 1) => vi.waitFor(() => expect(textOf(channel)).toMatch(text), 10_000),
    statuses: () => frames.filter(([channel]) => channel === 3).map(([, text]) => JSON.parse(text)),
  }
}

const closed = (socket: WebSocket) => closing(socket)

it('says its id first, runs bash on a terminal, resizes it, and tells its exit', async () => {
  const { headers, frames, type, send, shows, statuses, socket } = await shell('first', 'mine-1')
  expect(headers['x-amzn-bedrock-agentcore-shell-id']).toBe('mine-1')
  expect(headers['x-amzn-bedrock-agentcore-runtime-session-id']).toBe(session('first'))
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0))
  const connected = { kind: 'Status', apiVersion: 'v1', metadata: { shellId: 'mine-1', reconnected: false }, status: 'Success' }
  expect(JSON.parse(frames[0]?.[1] ?? '')).toEqual(connected)
  send(4, '{"width":132,"height":50}')
  type('stty size; echo "$TERM $((6*7))"\n')
  await shows(/50 132\s/)
  await shows('xterm-256color 42')
  send(5)
  await vi.waitFor(() => expect(frames).toContainEqual([5, '']))
  send(9, 'x')
  await shows('channel 9', 2)
  send(4, '{"width":0}')
  await shows('"width"', 2)
  const end = closed(socket)
  type('exit 3\n')
  expect(await end).toEqual({ code: 1000, reason: '' })
  expect(statuses().at(-1)).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: 'command terminated with exit code 3',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  })
})

it('is found again by its id, with what was shown meanwhile, and belongs to the last who came', async () => {
  const first = await shell('again', 'kept')
  first.type('mark=here; echo "ready-$mark"; while [ ! -e ~/back ]; do sleep 0.02; done; echo "meanwhile-$mark"; touch ~/shown\n')
  await first.shows('ready-here')
  first.socket.terminate()
  await once(first.socket, 'close')
  const helper = await shell('again', 'helper')
  helper.type('touch ~/back; while [ ! -e ~/shown ]; do sleep 0.02; done; echo se""en; exit\n')
  await helper.shows('seen')
  const second = await shell('again', 'kept')
  await second.shows('meanwhile-here')
  await second.shows('ready-here')
  expect(second.statuses()[0].metadata).toEqual({ shellId: 'kept', reconnected: true })
  const taken = closed(second.socket)
  const third = await shell('again', 'kept')
  expect((await taken).code).toBe(4000)
  third.type('echo "still-$mark"\n')
  await third.shows('still-here')
  // Only the last 256 KiB are kept.
  third.type('head -c 400000 /dev/zero | tr "\\0" z; echo; echo fi""n\n')
  await third.shows('fin')
  third.socket.terminate()
  const fourth = await shell('again', 'kept')
  await fourth.shows('fin')
  expect(fourth.screen().length).toBeLessThanOrEqual(256 * 1024)
  expect(fourth.screen().length).toBeGreaterThan(250 * 1024)
  fourth.socket.terminate()
})

it('is killed by a frame of channel 255, which is echoed', async () => {
  const { frames, type, send, shows, socket } = await shell('killed')
  type('trap "" TERM; echo re""ady; sleep 1000\n')
  await shows('ready')
  const end = closed(socket)
  send(255)
  expect((await end).code).toBe(1000)
  expect(frames).toContainEqual([255, ''])
})

it('is one of ten at most in a session', async () => {
  // The first starts the session: whoever comes meanwhile is told to come again.
  const first = await shell('ten', 'shell-0')
  const all = [first, ...(await Promise.all(Array.from({ length: 9 }, (_, index) => shell('ten', `shell-${index + 1}`))))]
  const eleventh = await refusal(await dialShell('ten', 'one-more'))
  expect(eleventh).toMatchObject({ status: 424, type: expect.stringContaining('RuntimeClientError'), message: expect.stringMatching(/10 shells/) })
  expect(await refusal(await dialShell('ten', 'no/slash'))).toMatchObject({ status: 424, message: expect.stringMatching(/shellId/) })
  const end = closed(first.socket)
  first.type('exit\n')
  await end
  const after = await shell('ten', 'one-more')
  for (const { socket } of [...all, after]) socket.terminate()
})

it('is closed to text, and its session keeps it for an hour without a client', async () => {
  const { socket } = await shell('text', 'texted')
  const end = closed(socket)
  for (let count = 0; count < 5; count += 1) socket.send('hello')
  expect((await end).code).toBe(1003)
  const again = await shell('text', 'texted')
  again.type('echo a""live; sleep 1000\n')
  await again.shows('alive')
  expect(again.statuses()[0].metadata.reconnected).toBe(true)
  again.socket.terminate()
  await once(again.socket, 'close')
  const ended = async () => (await world.agentLogs.read(arn.split('/')[1] ?? '', { tail: 100 })).map(({ line }) => line)
  await vi.waitFor(async () => {
    world.pass(60 * 60_000)
    expect(await ended()).toContain('Shell texted ended.')
  }, 10_000)
})

it('is cut with 1001 when its session is stopped', async () => {
  const { socket, type, shows } = await shell('stopped')
  type('echo a""live; sleep 1000\n')
  await shows('alive')
  const end = closed(socket)
  await world.room.sessions.stopById(session('stopped'), undefined)
  expect((await end).code).toBe(1001)
})

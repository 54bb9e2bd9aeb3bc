// What someone without rights, or with ill intent, sends from outside: refused, bounded, logged, and nobody else notices.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { InvokeAgentRuntimeCommand, InvokeAgentRuntimeCommandCommand, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { codeArtifact, createAgent, lender, nodeAgent, settled, upload, zip } from '../agents.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'
import { dial, refusal } from '../web-socket.fixture.ts'

let platform: RunningPlatform
let clients: Clients
let agentRuntimeArn: string
const opened = new Set<Socket>()

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  ;({ agentRuntimeArn } = await createAgent(clients, { name: 'attacked', files: { 'main.js': nodeAgent } }))
}, 90_000)
afterAll(async () => {
  for (const socket of opened) socket.destroy()
  await removeDataDir(platform)
})

const count = async (name: string) => (await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId: session(name) })).body.count
const path = () => `/runtimes/${encodeURIComponent(agentRuntimeArn)}/invocations`

function dialled(): Socket {
  const { hostname, port } = new URL(platform.url)
  const socket = connect(Number(port), hostname)
  opened.add(socket)
  return socket.on('error', () => {}).once('close', () => opened.delete(socket))
}

/** All that comes back on a connection on which this is sent; it must end by itself. */
async function exchange(text: string | Buffer): Promise<string> {
  const socket = dialled()
  let said = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (said += piece))
  socket.write(text)
  await once(socket, 'close')
  return said
}

const statuses = (said: string) => [...said.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))

/** What the platform's process holds. */
function held(): { descriptors: number; mebibytes: number } {
  const status = readFileSync(`/proc/${platform.pid}/status`, 'utf8')
  return { descriptors: readdirSync(`/proc/${platform.pid}/fd`).length, mebibytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 }
}

scenario('attacks.session-ids', 'js', async () => {
  const runtimeSessionId = session('victim')
  expect(await count('victim')).toBe(1)
  // Someone with keys of this platform, but no right to invoke: an agent's own role.
  const { agentRuntimeArn: lent } = await createAgent(clients, { name: 'lent', files: { 'main.js': lender } })
  const { AccessKeyId, SecretAccessKey, Token } = (await invoke(clients, lent, {})).body
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
  const other = clientsOf({ url: platform.url, credentials })
  const denied = { name: 'AccessDeniedException', status: 403 }
  expect(await errorOf(invoke(other, agentRuntimeArn, {}, { runtimeSessionId }))).toMatchObject(denied)
  expect(await errorOf(other.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId })))).toMatchObject(denied)
  const command = new InvokeAgentRuntimeCommandCommand({ agentRuntimeArn, runtimeSessionId, body: { command: 'id' } })
  expect(await errorOf(other.data.send(command))).toMatchObject(denied)
  const headers = { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': runtimeSessionId }
  for (const presignedFor of [undefined, 60])
    expect(await refusal(await dial({ ...platform, credentials }, agentRuntimeArn, { headers, presignedFor }))).toMatchObject({ status: 403 })
  // At another runtime the same id is another session.
  const { agentRuntimeArn: twin } = await createAgent(clients, { name: 'twin', files: { 'main.js': nodeAgent } })
  expect((await invoke(clients, twin, {}, { runtimeSessionId })).body.count).toBe(1)
  expect(await count('victim'), 'and the session itself goes on untouched').toBe(2)
})

scenario('attacks.smuggling', 'raw', async () => {
  const { host } = new URL(platform.url)
  const inner = `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  expect(statuses(await exchange(inner.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))), 'it would be answered').toEqual([200])
  const head = `POST ${path()} HTTP/1.1\r\nHost: ${host}\r\n`
  const twoReadings = {
    'both lengths': `${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    'two lengths': `${head}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    'a list of lengths': `${head}Content-Length: 0, ${inner.length}\r\n\r\n${inner}`,
    'a signed length': `${head}Content-Length: +0\r\n\r\n${inner}`,
    'an unknown coding': `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
    'a coding behind chunked': `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`,
    'a space before the colon': `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    'a folded line': `${head}X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    'a bare line feed': `${head}X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    'a bare carriage return': `${head}X-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    'a zero byte': `${head}X-A: b\0c\r\n\r\n${inner}`,
    'a chunk whose size is no number': `${head}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${inner}`,
    'a chunk that is longer than it says': `${head}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n${inner}`,
  }
  for (const [name, text] of Object.entries(twoReadings)) {
    const said = await exchange(text)
    // One answer, or none where the head was read before the rest turned out to be nothing.
    expect(statuses(said).length, name).toBeLessThanOrEqual(1)
    for (const status of statuses(said)) expect(status, name).toBeGreaterThanOrEqual(400)
    expect(said, `${name}: what follows is no request`).not.toContain('200 OK')
  }
  // Bytes behind a refused upgrade are no request either.
  const upgrade = `GET /runtimes/${encodeURIComponent(agentRuntimeArn)}/ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
  const said = await exchange(upgrade + inner)
  expect(statuses(said)).toEqual([403])
  expect(said.toLowerCase()).toContain('connection: close')
  // Signed headers that would become the platform's own word to the agent.
  const forged = { 'x-amzn-bedrock-agentcore-runtime-request-id': 'forged', workloadaccesstoken: 'forged', transfer_encoding: 'chunked' }
  const answer = await sendSigned(platform, {
    path: path(),
    body: '{}',
    headers: { ...forged, 'x-amzn-bedrock-agentcore-runtime-session-id': session('f') },
  })
  expect(answer.status).toBe(200)
  expect(answer.body).not.toContain('forged')
  await expect.poll(() => platform.log(), { timeout: 20_000 }).toContain('no request of HTTP')
})

scenario('attacks.oversized-heads', 'raw', async () => {
  const long = 'a'.repeat(70_000)
  const many = Array.from({ length: 5_000 }, (_, index) => `X-H-${index}: abcdefgh\r\n`).join('')
  const heads = [
    `GET /health HTTP/1.1\r\nHost: a\r\nX-Long: ${long}\r\n\r\n`,
    `GET /${long} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET /health HTTP/1.1\r\n${many}\r\n`,
  ]
  for (const head of heads) expect(statuses(await exchange(head))).toEqual([431])
  const custom = { 'x-amzn-bedrock-agentcore-runtime-custom-a': 'a'.repeat(5_000) }
  const { agentRuntimeArn: arn } = await createAgent(clients, {
    name: 'listing',
    requestHeaderAllowlist: ['X-Amzn-Bedrock-AgentCore-Runtime-Custom-A'],
  })
  const answer = await sendSigned(platform, { path: `/runtimes/${encodeURIComponent(arn)}/invocations`, body: '{}', headers: custom })
  expect(answer).toMatchObject({ status: 400, type: 'ValidationException' })
  expect(await count('oversized')).toBe(1)
})

scenario(
  'attacks.bombs',
  'js',
  async () => {
    expect(await count('bombed')).toBe(1)
    const before = held()
    const bomb = gzipSync(Buffer.alloc(64 << 20))
    // Nothing is unpacked on the way: the agent gets, or refuses, what was sent.
    const command = new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId: session('bombed'), payload: bomb })
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, { 'content-encoding': 'gzip' })
        return next(args)
      },
      { step: 'build' },
    )
    const answer = await clients.data.send(command)
    const { headers } = JSON.parse((await answer.response?.transformToString()) ?? '{}')
    expect(headers['content-length'], 'as long as it was sent').toBe(String(bomb.length))
    expect(headers['content-encoding']).toBeUndefined()

    const socket = await dial(platform, agentRuntimeArn, { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } })
    expect((await refusal(socket)).status, 'the agent has no WebSocket, and none is opened').toBe(424)

    await upload(clients, 'bomb.zip', await zip({ 'main.js': nodeAgent, 'zeros.bin': Buffer.alloc(780 << 20) }))
    const { agentRuntimeId = '' } = await clients.control.send(
      new CreateAgentRuntimeCommand({
        agentRuntimeName: 'bomb',
        agentRuntimeArtifact: codeArtifact('bomb.zip'),
        roleArn,
        networkConfiguration: { networkMode: 'PUBLIC' },
      }),
    )
    const outcome = await settled(clients, agentRuntimeId)
    expect(outcome).toMatchObject({ status: 'CREATE_FAILED', failureReason: expect.stringMatching(/750|large|unpack/i) })
    expect(await count('bombed')).toBeGreaterThan(1)
    await expect.poll(() => held().mebibytes - before.mebibytes, { timeout: 20_000 }).toBeLessThan(200)
  },
  180_000,
)

scenario(
  'attacks.slow',
  'raw',
  async ({ skip }) => {
    if (process.platform !== 'linux') return skip('the scenario reads memory and descriptors from /proc')
    expect(await count('calm')).toBe(1)
    const before = held()
    // Heads that never end, of an invocation and of a WebSocket, and of nothing.
    const slow = [
      `POST ${path()} HTTP/1.1\r\nHost: a\r\nX-Slow: `,
      `GET ${path().replace('invocations', 'ws')} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nX-Slow: `,
      'P',
    ]
    const slowSockets = slow.map((head) => {
      const socket = dialled()
      socket.write(head)
      const timer = setInterval(() => socket.write('a'), 2_000)
      socket.resume().once('close', () => clearInterval(timer))
      return socket
    })
    await Promise.all(slowSockets.map((socket) => socket.closed || once(socket, 'close')))

    // Ten thousand half-open ones, while others go on.
    let answered = 1
    for (let batch = 0; batch < 20; batch += 1) {
      const sockets = Array.from({ length: 500 }, () => dialled().resume())
      await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'connect').catch(() => undefined)))
      for (const socket of sockets) socket.write('POST / HTTP/1.1\r\nHost: a\r\n')
      answered += 1
      expect(await count('calm'), 'the platform answers others meanwhile').toBe(answered)
      expect(held().descriptors, 'bounded').toBeLessThan(before.descriptors + 2_100)
    }
    await expect.poll(() => opened.size, { message: 'those that came first had to go', timeout: 20_000 }).toBeLessThan(2_100)
    await expect.poll(() => platform.log(), { timeout: 20_000 }).toContain('made room for others')
    for (const socket of opened) socket.destroy()
    await expect.poll(() => held().descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before.descriptors + 10)
    expect(held().mebibytes - before.mebibytes).toBeLessThan(150)
    expect(await count('calm')).toBe(answered + 1)
  },
  180_000,
)

// Agents' WebSockets by the stock library: an agent of Node and one of Python, in the sandbox that this host has.
import { once } from 'node:events'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAgent, nodeAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { ask, closing, type Dial, dial, opened, refusal } from '../web-socket.fixture.ts'

const sessionId = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id'
const colour = 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Colour'

/** RFC 6455 by hand, as far as an echo needs it: nothing but the standard library. */
const pythonEcho = `
import base64, hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != "/ws":
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            return self.wfile.write(b"{}")
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        while True:
            first, second = self.rfile.read(2)
            length = second & 127
            mask = self.rfile.read(4)
            data = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.rfile.read(length)))
            self.wfile.write(bytes([first, length]) + data)
            if first & 15 == 8:
                return

ThreadingHTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
`

let platform: RunningPlatform
let clients: Clients
let arn: string

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  arn = await speaker('speaker')
}, 60_000)
afterAll(() => removeDataDir(platform))

async function speaker(name: string): Promise<string> {
  const files = { 'main.js': await bundled('web-socket') }
  const agent = await createAgent(clients, { name, files, requestHeaderAllowlist: [colour] })
  expect(agent).toMatchObject({ status: 'READY' })
  return agent.agentRuntimeArn
}

const to = (given: Dial = {}) => dial(platform, arn, given)
const within = (name: string) => ({ headers: { [sessionId]: session(name) } })

scenario('websocket.stream', 'raw', async () => {
  const socket = await to(within('stream'))
  expect((await opened(socket)).headers[sessionId.toLowerCase()]).toBe(session('stream'))
  expect(await ask(socket, 'grüße')).toBe('grüße')
  socket.send(Buffer.from([0, 255, 10]))
  expect(await once(socket, 'message')).toEqual([Buffer.from([0, 255, 10]), true])
  const { pid } = JSON.parse(await ask(socket, 'request'))
  expect((await invoke(clients, arn, {}, { runtimeSessionId: session('stream') })).body).toEqual({ pid })
  socket.send('close')
  expect(await closing(socket)).toEqual({ code: 4_100, reason: 'as asked' })
})

scenario('websocket.python', 'raw', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'listener', files: { 'main.py': pythonEcho }, runtime: 'PYTHON_3_11' })
  const socket = await dial(platform, agentRuntimeArn)
  expect((await opened(socket)).headers[sessionId.toLowerCase()]).toMatch(/^[0-9a-f-]{36}$/)
  expect(await ask(socket, 'hello')).toBe('hello')
  socket.close(1000, 'done')
  expect(await closing(socket)).toEqual({ code: 1000, reason: 'done' })
})

scenario('websocket.presigned', 'raw', async () => {
  const query = { [sessionId]: session('presigned'), [colour]: 'green', qualifier: 'DEFAULT' }
  const socket = await to({ presignedFor: 300, query })
  expect((await opened(socket)).headers[sessionId.toLowerCase()]).toBe(session('presigned'))
  const { headers } = JSON.parse(await ask(socket, 'request'))
  expect(headers).toMatchObject({ [colour.toLowerCase()]: 'green', [sessionId.toLowerCase()]: session('presigned') })
  // The agent's own token alone is named so.
  expect(Object.keys(headers).filter((name) => /^x-amz-|authorization|^cookie/.test(name))).toEqual(['x-amz-bedrock-agentcore-identity-wat'])
  socket.close()
  expect(await refusal(await to({ presignedFor: 301 }))).toMatchObject({ status: 403, type: 'InvalidSignatureException' })
})

scenario('websocket.refused', 'raw', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'silent', files: { 'main.js': nodeAgent } })
  expect(await refusal(await dial(platform, agentRuntimeArn))).toMatchObject({ status: 424, type: 'RuntimeClientError' })
  expect(await refusal(await dial(platform, `${arn}x`))).toMatchObject({ status: 404, type: 'ResourceNotFoundException' })
  expect(await refusal(await to({ headers: { [sessionId]: 'short' } }))).toMatchObject({ status: 400, type: 'ValidationException' })
  const foreign = { ...platform, credentials: { ...platform.credentials, secretAccessKey: 'x'.repeat(40) } }
  expect(await refusal(await dial(foreign, arn))).toMatchObject({ status: 403, type: 'InvalidSignatureException' })
})

scenario('websocket.limits', 'raw', async () => {
  const [large, fast] = [await to(within('limits')), await to(within('limits2'))]
  await Promise.all([opened(large), opened(fast)])
  large.send(Buffer.alloc(64 * 1024))
  expect((await once(large, 'message'))[0]).toHaveLength(64 * 1024)
  large.send(Buffer.alloc(64 * 1024 + 1))
  expect(await closing(large)).toMatchObject({ code: 1009 })
  const closed = closing(fast)
  for (let sent = 0; sent < 600; sent++) fast.send('x')
  expect(await closed).toMatchObject({ code: 1008 })
})

scenario('websocket.ends', 'raw', async () => {
  const [stopped, failed] = [await to(within('stopped')), await to(within('failed'))]
  await Promise.all([opened(stopped), opened(failed)])
  failed.send('fail')
  expect(await closing(failed)).toMatchObject({ code: 1011 })
  const closed = closing(stopped)
  await clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn: arn, runtimeSessionId: session('stopped') }))
  expect(await closed).toMatchObject({ code: 1001 })
  const draining = await startPlatform()
  try {
    const own = clientsOf(draining)
    const entry = await createAgent(own, { name: 'draining', files: { 'main.py': pythonEcho }, runtime: 'PYTHON_3_11' })
    const open = await dial(draining, entry.agentRuntimeArn)
    await opened(open)
    const goodbye = closing(open)
    expect(await draining.stop()).toBe(0)
    expect(await goodbye).toEqual({ code: 1001, reason: 'the platform stops' })
  } finally {
    await removeDataDir(draining)
  }
})

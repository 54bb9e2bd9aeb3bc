// Our SDK's client on a real platform with a port: what it signs and presigns is checked by the platform's own verifier.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Socket } from 'node:net'
import { AgentFailed, type RuntimeClient, runtimeClient, type Shell, ShellLost, UpgradeRefused } from '@agentworks/sdk/client'
import { memoryClient } from '@agentworks/sdk/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent, nodeAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { session } from '../invoke.fixture.ts'
import { clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'

const colour = 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Colour'

/** Streams words, echoes bytes and headers, fails in the middle of a stream. */
const pieces = `
const http = require('node:http')
http.createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const body = Buffer.concat(chunks)
    if (request.headers['content-type'] === 'application/octet-stream') {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      return response.end(body)
    }
    const input = JSON.parse(body)
    if (!input.words) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ input, headers: request.headers }))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': a comment\\n\\n')
    for (const word of input.words) response.write('event: word\\nid: ' + word + '\\ndata: ' + JSON.stringify({ word }) + '\\n\\n')
    if (input.fails) return response.end('event: error\\ndata: {"error":"no more words"}\\n\\n')
    if (input.hangs) return response.on('close', () => console.log('the caller has left'))
    response.end()
  })
}).listen(8080)`

let platform: RunningPlatform
let client: RuntimeClient
let agentRuntimeArn: string
let speaker: string

beforeAll(async () => {
  platform = await startPlatform()
  const clients = clientsOf(platform)
  client = runtimeClient({ region, endpoint: platform.url, credentials: platform.credentials })
  ;({ agentRuntimeArn } = await createAgent(clients, { name: 'pieces', files: { 'main.js': pieces }, requestHeaderAllowlist: [colour] }))
  const files = { 'main.js': await bundled('web-socket') }
  ;({ agentRuntimeArn: speaker } = await createAgent(clients, { name: 'speaker', files, requestHeaderAllowlist: [colour] }))
}, 60_000)
afterAll(async () => {
  client?.destroy()
  await removeDataDir(platform)
})

async function said(socket: WebSocket, message: string): Promise<string> {
  if (socket.readyState !== socket.OPEN) await once(socket, 'open')
  socket.send(message)
  return String((await once(socket, 'message'))[0])
}

describe('invoke', () => {
  it('gives values, bytes, pieces as they come, and events with their names', async () => {
    const runtimeSessionId = session('invoke')
    const call = { agentRuntimeArn, runtimeSessionId }
    const answer = await client.invoke<{ input: unknown; headers: Record<string, string> }>({
      ...call,
      payload: { a: 1 },
      headers: { [colour]: 'green' },
    })
    expect(answer).toMatchObject({ runtimeSessionId, statusCode: 200, contentType: 'application/json' })
    const { input, headers } = await answer.value()
    expect([input, headers[colour.toLowerCase()]]).toEqual([{ a: 1 }, 'green'])
    await expect(answer.text()).rejects.toThrow(/has been read already/)
    const bytes = Uint8Array.of(0, 255, 10)
    expect([...(await (await client.invoke({ ...call, payload: bytes })).bytes())]).toEqual([0, 255, 10])
    const words = { words: ['one', 'two'] }
    const seen: unknown[] = []
    for await (const piece of await client.invoke({ ...call, payload: words })) seen.push(piece)
    expect(seen).toEqual([{ word: 'one' }, { word: 'two' }])
    expect(await (await client.invoke({ ...call, payload: words })).value()).toEqual(seen)
    const events: unknown[] = []
    for await (const event of (await client.invoke({ ...call, payload: words })).events()) events.push(event)
    expect(events[1]).toEqual({ event: 'word', id: 'two', data: '{"word":"two"}' })
  })

  it('throws what an agent says in its stream, and lets the agent know when its reader leaves', async () => {
    const failing = await client.invoke({ agentRuntimeArn, payload: { words: ['one'], fails: true } })
    await expect(failing.value()).rejects.toThrow(new AgentFailed({ error: 'no more words' }))
    const runtimeSessionId = session('leaves')
    for await (const _ of await client.invoke({ agentRuntimeArn, runtimeSessionId, payload: { words: ['one'], hangs: true } })) break
    await expect.poll(agentLog, { timeout: 10_000 }).toContain('the caller has left')
  })

  it('says what AWS says when there is no such agent', async () => {
    await expect(client.invoke({ agentRuntimeArn: agentRuntimeArn.replace(/.{10}$/, 'aaaaaaaaaa'), payload: {} })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

async function agentLog(): Promise<string> {
  const response = await fetch(`${platform.url}/_agentworks/logs/${agentRuntimeArn.split('/')[1]}`, {
    headers: { authorization: `Bearer ${platform.adminToken}` },
  })
  return response.text()
}

describe('WebSockets', () => {
  it('open by signed headers and by a presigned address with a port; custom headers reach the agent', async () => {
    const runtimeSessionId = session('socket')
    const target = { agentRuntimeArn: speaker, runtimeSessionId, headers: { [colour]: 'dark green' } }
    const signed = await client.webSocket(target)
    expect(await said(signed, 'hello')).toBe('hello')
    expect(JSON.parse(await said(signed, 'request')).headers).toMatchObject({ [colour.toLowerCase()]: 'dark green' })
    signed.close()
    const { url, headers } = await client.signedWebSocket({ ...target, qualifier: 'DEFAULT' })
    expect(await said(new WebSocket(url, { headers }), 'by hand')).toBe('by hand')
    const presigned = new WebSocket(await client.presignedWebSocketUrl({ ...target, expires: 60 }))
    expect(JSON.parse(await said(presigned, 'request')).headers).toMatchObject({
      [colour.toLowerCase()]: 'dark green',
      'x-amzn-bedrock-agentcore-runtime-session-id': runtimeSessionId,
    })
  })

  it('that are refused say why, as the platform said it', async () => {
    const refused = await client.webSocket({ agentRuntimeArn }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UpgradeRefused)
    expect(refused).toMatchObject({ status: 424, type: 'RuntimeClientError' })
    using foreign = runtimeClient({ region, endpoint: platform.url, credentials: { ...platform.credentials, secretAccessKey: 'x'.repeat(40) } })
    await expect(foreign.webSocket({ agentRuntimeArn: speaker })).rejects.toMatchObject({ status: 403, type: 'InvalidSignatureException' })
  })
})

describe('commands and shells', () => {
  it('run a command: its output as it comes, its exit code at the end', async () => {
    const command = await client.command({ agentRuntimeArn, runtimeSessionId: session('command'), command: 'echo out; echo err >&2; exit 3' })
    const output = { stdout: '', stderr: '' }
    for await (const { stream, text } of command) output[stream] += text
    expect([output, await command.ended()]).toEqual([
      { stdout: 'out\n', stderr: 'err\n' },
      { exitCode: 3, status: 'COMPLETED' },
    ])
  })

  it('open a shell, resize it, and end with its exit code', async () => {
    const shell = await client.shell({ agentRuntimeArn, runtimeSessionId: session('shell') })
    await shell.resize({ width: 91, height: 33 })
    await shell.write('stty size; exit 5\n')
    expect(await textOf(shell)).toMatch(/33 91\s/)
    expect(await shell.exitCode).toBe(5)
    await expect(shell.write('late')).rejects.toThrow(ShellLost)
  })

  it('take a shell up whose connection broke: what ran goes on', async () => {
    const wire = await breakable(platform.url)
    using through = runtimeClient({ region, endpoint: wire.url, credentials: platform.credentials })
    try {
      const shell = await through.shell({ agentRuntimeArn, runtimeSessionId: session('broken'), shellId: 'kept', reconnect: { delayMs: 10 } })
      const kinds: string[] = []
      let text = ''
      const reading = (async () => {
        for await (const output of shell) {
          if (output.kind === 'reconnected') kinds.push(output.kind)
          else text += Buffer.from(output.data)
        }
      })()
      await shell.write('mark=here; echo "ready-$mark"\n')
      await expect.poll(() => text, { timeout: 10_000 }).toContain('ready-here')
      wire.cut()
      await expect.poll(() => kinds, { timeout: 10_000 }).toEqual(['reconnected'])
      await shell.write('echo "still-$mark"; exit 4\n')
      await reading
      expect([kinds, await shell.exitCode]).toEqual([['reconnected'], 4])
      expect(text).toContain('still-here')
    } finally {
      wire.close()
    }
  })

  it('leave a shell to whoever comes back, and tell who lost it', async () => {
    const call = { agentRuntimeArn, runtimeSessionId: session('taken'), shellId: 'one' }
    const first = await client.shell(call)
    first.detach()
    const second = await client.shell(call)
    await using third = await client.shell(call)
    await expect(textOf(second)).rejects.toThrow(/closed: 4000 another client took the shell over/)
    await third.write('echo "me $((40 + 2))"\n')
    for await (const output of third) if (output.kind === 'stdout' && Buffer.from(output.data).includes('me 42')) break
  })
})

async function textOf(shell: Shell): Promise<string> {
  let text = ''
  for await (const output of shell) if (output.kind !== 'reconnected') text += Buffer.from(output.data)
  return text
}

/** A wire to the platform that can be cut. */
async function breakable(to: string): Promise<{ url: string; cut(): void; close(): void }> {
  const { hostname, port } = new URL(to)
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => {}).on('close', () => open.delete(one) && other.destroy())
      one.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close() {
      cut()
      server.close()
    },
  }
}

describe('a session', () => {
  it('keeps to itself: invoke, stream and WebSocket meet the same agent, stop ends it', async () => {
    const clients = clientsOf(platform)
    const counting = await createAgent(clients, { name: 'counting', files: { 'main.js': nodeAgent } })
    const conversation = client.session({ agentRuntimeArn: counting.agentRuntimeArn, userId: 'user-123' })
    expect(await conversation.invoke({})).toMatchObject({ count: 1 })
    const seen: unknown[] = []
    for await (const piece of conversation.stream({ stream: 2 })) seen.push(piece)
    expect(seen).toEqual([{ piece: 1 }, { piece: 2 }])
    expect(await conversation.invoke({})).toMatchObject({ count: 3 })
    await conversation.stop()
    await conversation.stop()
    expect(await conversation.invoke({})).toMatchObject({ count: 1 })
    await using socketed = client.session({ agentRuntimeArn: speaker, userId: 'user-123' })
    expect(await said(await socketed.webSocket(), 'hello')).toBe('hello')
  })

  it('with a memory carries the last turns to the agent, and a later session of the same id goes on with them', async () => {
    using memories = memoryClient({ endpoint: platform.url, region, credentials: platform.credentials })
    const { id: memory = '' } = await memories.createMemoryAndWait({ name: 'Notes' })
    const options = { agentRuntimeArn, userId: 'user-123', memory, contextWindow: 2 }
    const conversation = client.session(options)
    expect(await conversation.invoke({ prompt: 'one' })).toMatchObject({ input: { prompt: 'one', history: [] } })
    await conversation.invoke({ prompt: 'two' })
    const going = client.session({ ...options, sessionId: conversation.sessionId })
    const { input } = (await going.invoke({ prompt: 'three' })) as { input: { history: { role: string; content: string }[] } }
    expect(input.history.map(({ role }) => role)).toEqual(['USER', 'ASSISTANT'])
    expect(input.history[0]).toEqual({ role: 'USER', content: 'two' })
    expect(await client.session({ ...options, userId: 'another' }).invoke({ prompt: 'hello' })).toMatchObject({ input: { history: [] } })
    const nowhere = client.session({ ...options, memory: 'notes-a1b2c3d4e5' })
    await expect(nowhere.invoke({ prompt: 'hello' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

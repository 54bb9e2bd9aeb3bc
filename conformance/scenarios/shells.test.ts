// InvokeAgentRuntimeCommandShell by the stock `ws` client with the SDK's signer, at each isolation level that this host has.
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent } from '../agents.fixture.ts'
import { invoke, session } from '../invoke.fixture.ts'
import { NodeSha256 } from '../node-sha256.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

interface Place {
  platform: RunningPlatform
  clients: Clients
  agentRuntimeArn: string
}

const places: Place[] = []

beforeAll(async () => {
  for (const level of ['auto', 'process']) {
    const platform = await startPlatform(undefined, { AGENTWORKS_ISOLATION: level })
    const clients = clientsOf(platform)
    const { agentRuntimeArn } = await createAgent(clients, { name: 'shelled', environmentVariables: { COLOUR: 'green' } })
    places.push({ platform, clients, agentRuntimeArn })
  }
}, 60_000)
afterAll(async () => {
  for (const { platform } of places) await removeDataDir(platform)
})

async function dial({ platform, agentRuntimeArn }: Place, name: string, shellId: string): Promise<WebSocket> {
  const { hostname, port, host } = new URL(platform.url)
  const path = `/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws/shells`
  const signer = new SignatureV4({ service: 'bedrock-agentcore', region, credentials: platform.credentials, sha256: NodeSha256 as never })
  const headers = { host, 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session(name) }
  const wish = new HttpRequest({ protocol: 'http:', method: 'GET', hostname, port: Number(port), path, query: { shellId }, headers })
  return new WebSocket(`ws://${host}${path}?shellId=${shellId}`, { headers: (await signer.sign(wish)).headers })
}

async function shell(place: Place, name: string, shellId: string) {
  const socket = await dial(place, name, shellId)
  const said = new Map<number, string>()
  socket.on('message', (data: Buffer) => {
    const channel = data[0] ?? -1
    said.set(channel, `${said.get(channel) ?? ''}${data.subarray(1).toString('utf8')}`)
  })
  await once(socket, 'open')
  const send = (channel: number, text = '') => socket.send(Buffer.concat([Uint8Array.of(channel), Buffer.from(text)]))
  return {
    socket,
    send,
    type: (text: string) => send(0, text),
    shows: (pattern: RegExp, channel = 1) => expect.poll(() => said.get(channel) ?? '', { timeout: 10_000 }).toMatch(pattern),
    ended: async () => (await once(socket, 'close'))[0] as number,
  }
}

scenario('shell.open', 'raw', async () => {
  for (const place of places) {
    await invoke(place.clients, place.agentRuntimeArn, {}, { runtimeSessionId: session('open') })
    const { type, send, shows, ended } = await shell(place, 'open', 'main')
    await shows(/"shellId":"main","reconnected":false/, 3)
    send(4, '{"width":91,"height":33}')
    type('stty size; echo "$COLOUR-$BASH_VERSION"; ls\n')
    await shows(/33 91\s/)
    await shows(/green-\d/)
    await shows(/main\.js/)
    type('sleep 1000\n')
    await shows(/sleep 1000/)
    // The key for an interrupt reaches what runs in the foreground.
    type('\x03')
    type('echo $((6 * 7)) is next\n')
    await shows(/42 is next/)
    const end = ended()
    type('exit 5\n')
    expect(await end).toBe(1000)
    await shows(/"reason":"ExitCode","message":"5"/, 3)
  }
})

scenario('shell.again', 'raw', async () => {
  for (const place of places) {
    const first = await shell(place, 'again', 'kept')
    first.type('mark=here; cd /tmp; echo "ready-$mark"\n')
    await first.shows(/ready-here/)
    first.socket.terminate()
    const second = await shell(place, 'again', 'kept')
    await second.shows(/"reconnected":true/, 3)
    await second.shows(/ready-here/)
    const taken = second.ended()
    const third = await shell(place, 'again', 'kept')
    expect(await taken).toBe(4000)
    third.type('echo "still-$mark-$PWD"\n')
    await third.shows(/still-here-\/tmp/)
    const end = third.ended()
    third.send(255)
    expect(await end).toBe(1000)
  }
})

scenario('shell.bounds', 'raw', async () => {
  for (const place of places) {
    const big = await shell(place, 'bounds', 'big')
    const tooBig = big.ended()
    big.send(0, 'x'.repeat(65_536))
    expect(await tooBig).toBe(1009)
    const many = await shell(place, 'bounds', 'many')
    const tooMany = many.ended()
    for (let count = 0; count < 400; count += 1) many.send(5)
    expect(await tooMany).toBe(1008)
    const texts = await shell(place, 'bounds', 'texts')
    const noText = texts.ended()
    for (let count = 0; count < 5; count += 1) texts.socket.send('text')
    expect(await noText).toBe(1003)
    // What these clients left is theirs to come back to, and counts.
    for (let count = 3; count < 10; count += 1) await shell(place, 'bounds', `more-${count}`)
    const refused = await dial(place, 'bounds', 'eleventh')
    const [, response] = (await once(refused, 'unexpected-response')) as [ClientRequest, IncomingMessage]
    expect([response.statusCode, response.headers['x-amzn-errortype']]).toEqual([424, 'RuntimeClientError'])
    response.destroy()
  }
})

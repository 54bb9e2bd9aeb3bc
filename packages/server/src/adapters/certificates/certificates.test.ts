import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { get } from 'node:https'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { type WireServer, wireServer } from '#wire/server.js'
import { type Authority, newKeys, openAuthority } from './authority.js'
import { serverCertificates } from './server-certificates.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-tls-'))
const day = 24 * 60 * 60 * 1000
let authority: Authority
let server: WireServer
let port: number
let now = Date.now()

beforeAll(async () => {
  authority = await openAuthority(dir, { clock: systemClock, ids: randomIds })
  server = wireServer((request, response) => void response.end(`${request.httpVersion} ${request.headers.host ?? request.headers[':authority']}`))
  const certificates = serverCertificates(async () => authority, { now: () => now })
  const listening = await server.listenOnPort('127.0.0.1', 0, certificates)
  port = listening.port
})
afterAll(async () => {
  await server.drain(1000)
  rmSync(dir, { recursive: true })
})

function dial(servername: string, more: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, ca: readFileSync(authority.path), ...more }, () => resolve(socket))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
  })
}

test.each([
  'bedrock-agentcore.us-east-1.amazonaws.com',
  'bedrock-agentcore-control.eu-central-1.amazonaws.com',
  'tools-abc123.gateway.bedrock-agentcore.us-west-2.amazonaws.com',
  'bedrock-runtime.ap-southeast-2.amazonaws.com',
  'sts.amazonaws.com',
  'my.bucket.s3.us-east-1.amazonaws.com',
  'localhost',
])('%s gets a certificate that a stock client accepts', async (name) => {
  const socket = await dial(name)
  expect(socket.authorized).toBe(true)
  expect(socket.getPeerCertificate().subjectaltname).toContain(`DNS:${name}`)
  socket.destroy()
})

test.each(['example.com', 'ec2.us-east-1.amazonaws.com', 'bedrock-agentcore.us-east-1.amazonaws.com.example.com', 'a..s3.nowhere.amazonaws.com'])(
  '%s gets no certificate, and no answer',
  async (name) => {
    await expect(dial(name, { rejectUnauthorized: false })).rejects.toThrow()
  },
)

test('both versions of HTTP are agreed in the handshake', async () => {
  const [first, second] = await Promise.all([
    dial('localhost', { ALPNProtocols: ['h2', 'http/1.1'] }),
    dial('localhost', { ALPNProtocols: ['http/1.1'] }),
  ])
  expect([first.alpnProtocol, second.alpnProtocol]).toEqual(['h2', 'http/1.1'])
  first.destroy()
  second.destroy()
  const body = await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, servername: 'localhost', ca: readFileSync(authority.path) }, (response) => {
      response.setEncoding('utf8').on('data', resolve)
    }).on('error', reject)
  })
  expect(body).toBe(`1.1 127.0.0.1:${port}`)
  const session = connectHttp2(`https://localhost:${port}`, { ca: readFileSync(authority.path) })
  const stream = session.request({ ':path': '/' }).setEncoding('utf8')
  expect((await once(stream, 'data'))[0]).toBe(`2.0 localhost:${port}`)
  session.close()
})

test('clear text on the port of TLS is closed without an answer', async () => {
  const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece as Buffer)
  expect(pieces).toEqual([])
})

test('a certificate is renewed before it runs out', async () => {
  const certificates = serverCertificates(async () => authority, { now: () => now })
  const first = await certificates.contextFor('sts.amazonaws.com')
  expect(await certificates.contextFor('sts.amazonaws.com')).toBe(first)
  now += 61 * day
  expect(await certificates.contextFor('sts.amazonaws.com')).not.toBe(first)
})

test('the authority is made once, its key for its owner alone', async () => {
  const again = await openAuthority(dir, { clock: systemClock, ids: randomIds })
  expect(again.fingerprint).toBe(authority.fingerprint)
  expect(statSync(join(dir, 'authority-key.pem')).mode & 0o777).toBe(0o600)
  expect(readFileSync(authority.path, 'utf8')).not.toContain('PRIVATE')
  expect(readFileSync(authority.bundlePath, 'utf8')).not.toContain('PRIVATE')
})

test('an authority near its end is made anew', async () => {
  const late = await openAuthority(dir, { clock: { now: () => Date.now() + 9.5 * 365 * day }, ids: randomIds })
  expect(late.fingerprint).not.toBe(authority.fingerprint)
  expect(new X509Certificate(readFileSync(late.path)).fingerprint256).toBe(late.fingerprint)
})

test('its certificate keeps it from signing for anybody else: clients refuse such names', async () => {
  const keys = newKeys()
  const other = mkdtempSync(join(tmpdir(), 'aw-tls-'))
  const own = await openAuthority(other, { clock: systemClock, ids: randomIds })
  for (const [name, isTrusted] of [
    ['example.com', false],
    ['192.0.2.1', false],
    ['localhost', true],
  ] as const) {
    const cert = await own.issue([name], keys.publicKey, new Date(Date.now() + day))
    const trial = createServer({ cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) }, (socket) => socket.end())
    await new Promise<void>((resolve) => trial.listen(0, '127.0.0.1', resolve))
    const address = trial.address()
    const connected = await new Promise((resolve) => {
      const options = {
        host: '127.0.0.1',
        port: typeof address === 'object' ? address?.port : 0,
        ca: readFileSync(own.path),
        checkServerIdentity: () => undefined,
      }
      const socket = connect(options, () => resolve(true)).on('error', () => resolve(false))
      socket.on('close', () => trial.close())
    })
    expect([name, connected]).toEqual([name, isTrusted])
  }
  rmSync(other, { recursive: true })
})

test('a broken key file is named, and never overwritten', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'aw-tls-'))
  writeFileSync(join(broken, 'authority-key.pem'), 'nonsense', { mode: 0o600 })
  await expect(openAuthority(broken, { clock: systemClock, ids: randomIds })).rejects.toThrow(/authority-key\.pem .* restore it from a backup/)
  expect(readFileSync(join(broken, 'authority-key.pem'), 'utf8')).toBe('nonsense')
  expect(existsSync(join(broken, 'authority.pem'))).toBe(false)
  rmSync(broken, { recursive: true })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { type BodyRules, verifyBody } from './body.js'
import { bodyBudget } from './body-budget.js'
import { type CredentialClaim, readCredentialClaim } from './credential-claim.js'
import { s3BodyChecks } from './s3/body-checks.js'
import { requestSigner, rootKeys, secretAccessKey, sha256 } from './signed-request.fixture.js'
import { signatureVerifier } from './sigv4.js'
import { fileSpool } from './spool.js'

const dir = mkdtempSync(join(tmpdir(), 'agentworks-body-'))
const share = { files: 2, bytes: 5_000_000 }
const limits = { memoryBytes: 100_000, maxFiles: 3, maxBytes: 7_000_000, perKey: share, perSession: { files: 1, bytes: 5_000_000 } }
const spool = fileSpool({ dir: join(dir, 'spool'), ids: randomIds, limits })
const memory = { signed: 5_000_000, unchecked: 200_000 }
const budget = bodyBudget({ bytes: 6_000_000, perKey: memory, perSession: memory })
const patience = { idleMs: 10_000, totalMs: 60_000 }
const signatures = signatureVerifier({ keys: rootKeys, clock: systemClock })
const maxBytes = 3_000_000

interface Outcome {
  code: string
  reason?: string
  size: number
  hash?: string
}
const outcomes: Outcome[] = []
/** Held back by a test that wants requests to overlap. */
let hold: Promise<void> | undefined

const server = createServer(async (request, response) => {
  const outcome = await receive(request)
  outcomes.push(outcome)
  response.setHeader('connection', 'close')
  response.end(JSON.stringify(outcome))
})

async function receive(request: IncomingMessage): Promise<Outcome> {
  const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?')
  const { method = '', headers, rawHeaders, httpVersionMajor } = request
  const wire = { method, rawPath, rawQuery, headers, rawHeaders, body: request, httpVersionMajor, entrance: { kind: 'port' as const } }
  let size = 0
  try {
    const claim = readCredentialClaim(wire) as CredentialClaim
    const rules: BodyRules = { maxBytes, checks: claim.service === 's3' ? s3BodyChecks(wire) : undefined }
    const body = await verifyBody(signatures.admit(claim, wire), rules, { signatures, spool, budget, patience })
    await hold
    const pieces: Buffer[] = []
    try {
      for await (const piece of body.stream) {
        size += piece.length
        pieces.push(piece)
      }
    } finally {
      await body.release()
    }
    return { code: 'ok', size, hash: sha256(Buffer.concat(pieces)) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { code: error.code, reason: 'reason' in error ? String(error.reason) : undefined, size }
  }
}

let port = 0
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  rmSync(dir, { recursive: true, force: true })
})
afterEach(async () => {
  Object.assign(patience, { idleMs: 10_000, totalMs: 60_000 })
  await until(() => budget.usage().bytes === 0)
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 })
  expect(readdirSync(join(dir, 'spool'))).toEqual([])
  outcomes.length = 0
})

interface Sending {
  service?: string
  sendHash?: boolean
  /** What is signed for. */
  body: Buffer
  /** What is sent, when it differs. */
  sent?: Buffer
  headers?: Record<string, string>
}

async function head({ service = 'bedrock-agentcore', sendHash = true, body, headers = {} }: Sending) {
  const draft = {
    method: 'PUT',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/some/path',
    query: {},
    headers: { host: `127.0.0.1:${port}`, ...headers },
    body,
  }
  return (await requestSigner(service, { sendHash }).sign(draft)).headers
}

async function send(sending: Sending): Promise<Outcome> {
  const sent = sending.sent ?? sending.body
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'PUT',
    path: '/some/path',
    headers: { ...(await head(sending)), 'content-length': sent.length },
  })
  request.end(sent)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return JSON.parse(Buffer.concat(await response.toArray()).toString()) as Outcome
}

const small = Buffer.from('{"a":1}')
const large = Buffer.alloc(2_000_000, 'agentworks ')
const changed = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('!')])

describe.each([
  ['small', small],
  ['large', large],
])('a %s body', (size, body) => {
  it('is accepted with its hash in a header, and without', async () => {
    expect(await send({ body })).toMatchObject({ code: 'ok', hash: sha256(body) })
    expect(await send({ body, sendHash: false })).toMatchObject({ code: 'ok', hash: sha256(body) })
  })

  it('is refused when it is not the one that was signed, and never handed on whole', async () => {
    const hashed = await send({ body, sent: changed(body) })
    expect(hashed).toMatchObject({ code: 'InvalidSignatureException', reason: 'content-hash-mismatch' })
    expect(hashed.size).toBeLessThan(body.length)
    expect(await send({ body, sent: changed(body), sendHash: false })).toEqual({
      code: 'InvalidSignatureException',
      reason: 'signature-mismatch',
      size: 0,
    })
  })

  it('is accepted unsigned by s3 alone', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    expect(await send({ body, headers, service: 's3' })).toMatchObject({ code: 'ok', hash: sha256(body) })
    expect(await send({ body, headers })).toMatchObject({ reason: 'content-hash-invalid' })
  })

  it('is held against the checksums that an s3 client sends', async () => {
    const right = { 'x-amz-checksum-crc32': crc(body) }
    const wrong = { 'x-amz-checksum-crc32': crc(changed(body)) }
    expect(await send({ body, headers: right, service: 's3' })).toMatchObject({ code: 'ok' })
    expect(await send({ body, headers: wrong, service: 's3' })).toMatchObject({ reason: 'checksum-mismatch' })
    expect(await send({ body, headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, service: 's3' })).toMatchObject({ reason: 'checksum-mismatch' })
    expect(await send({ body, headers: { 'x-amz-checksum-sha1': 'no' }, service: 's3' })).toMatchObject({ reason: 'checksum-invalid' })
  })

  it(`leaves nothing behind when the client goes away (${size})`, async () => {
    for (const sendHash of [true, false]) {
      const request = httpRequest({
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: '/some/path',
        headers: { ...(await head({ body, sendHash })), 'content-length': body.length },
      })
      request.on('error', () => {})
      request.write(body.subarray(0, -3), () => request.destroy())
      await until(() => outcomes.length > 0)
      expect(outcomes.shift()).toMatchObject({ reason: 'body-incomplete' })
    }
  })
})

describe('a body that is too large', () => {
  it('is refused by its length alone, or as soon as it passes the limit', async () => {
    const huge = Buffer.alloc(maxBytes + 1)
    expect(await send({ body: huge })).toEqual({ code: 'RequestEntityTooLargeException', reason: 'body-too-large', size: 0 })
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: '/some/path',
      headers: { ...(await head({ body: huge, sendHash: false })), 'transfer-encoding': 'chunked' },
    })
    request.on('error', () => {})
    request.end(huge)
    await until(() => outcomes.length > 1)
    expect(outcomes[1]).toMatchObject({ reason: 'body-too-large' })
  })
})

describe('the spool', () => {
  it('refuses what is over its number of files, and takes it when one is free again', async () => {
    let free = () => {}
    hold = new Promise((resolve) => {
      free = resolve
    })
    const waiting = [send({ body: large, sendHash: false }), send({ body: large, sendHash: false })]
    await until(() => spool.usage().bytes === 2 * large.length)
    expect(await send({ body: large, sendHash: false })).toMatchObject({ code: 'ThrottlingException', reason: 'spool-full' })
    free()
    hold = undefined
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(['ok', 'ok'])
    expect(await send({ body: large, sendHash: false })).toMatchObject({ code: 'ok' })
  })

  it('gives back what was counted when the disk has no room', async () => {
    const { error } = spawnSync('prlimit', ['--version'])
    if (error) return console.warn('skipped: prlimit is missing')
    const ignore = () => {}
    process.on('SIGXFSZ', ignore)
    try {
      execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=1000000:'])
      expect(await send({ body: large, sendHash: false })).toMatchObject({ code: 'ThrottlingException', reason: 'spool-full' })
    } finally {
      execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited:'])
      process.off('SIGXFSZ', ignore)
    }
    expect(spool.usage()).toEqual({ files: 0, bytes: 0 })
  })

  it('is not filled by one access key: another one still gets its place', async () => {
    const own = join(dir, 'shared')
    const shared = fileSpool({ dir: own, ids: randomIds, limits })
    const take = (accessKeyId: string) =>
      shared.take(Readable.from([large.subarray(0, 1_000_000)]), { accessKeyId, memory: budget.hold(accessKeyId, 'unchecked') })
    const taken = [await take('AKIAONE'), await take('AKIAONE')]
    await expect(take('AKIAONE')).rejects.toMatchObject({ reason: 'spool-full' })
    taken.push(await take('ASIASESSION'))
    await Promise.all(taken.map((one) => one.release()))
    taken.push(await take('ASIASESSION'))
    await expect(take('ASIASESSION')).rejects.toMatchObject({ reason: 'spool-full' })
    await taken.at(-1)?.release()
    expect(shared.usage()).toEqual({ files: 0, bytes: 0 })
  })

  it('removes at start what an earlier process left', () => {
    const own = join(dir, 'another')
    fileSpool({ dir: own, ids: randomIds })
    writeFileSync(join(own, 'left'), 'x')
    fileSpool({ dir: own, ids: randomIds })
    expect(readdirSync(own)).toEqual([])
  })
})

describe('a body that stops on its way', () => {
  const inPart = async (body: Buffer, headers: Record<string, string | number>, bytes = body.length - 3) => {
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: '/some/path',
      headers: { ...headers, 'content-length': body.length },
    })
    request.on('error', () => {})
    request.write(body.subarray(0, bytes))
    return request
  }

  it.each([
    ['small', small, true],
    ['small', small, false],
    ['large', large, true],
    ['large', large, false],
  ])('is refused when it is %s, and its request gets an answer', async (_size, body, sendHash) => {
    patience.idleMs = 100
    const request = await inPart(body, await head({ body, sendHash }))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toMatchObject({ code: 'ValidationException', reason: 'body-stalled' })
  })

  it('is refused when a byte comes now and then, but not all of it in time', async () => {
    patience.totalMs = 200
    for (const [body, sendHash] of [
      [small, true],
      [large, false],
    ] as const) {
      const request = await inPart(body, await head({ body, sendHash }), 1)
      const drip = setInterval(() => request.write('a'), 60)
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      clearInterval(drip)
      expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toMatchObject({ reason: 'body-stalled' })
      request.destroy()
    }
  })

  it('is not refused for the time that its reader takes', async () => {
    patience.idleMs = 100
    hold = new Promise((resolve) => setTimeout(resolve, 300))
    expect(await send({ body: large })).toMatchObject({ code: 'ok' })
    hold = undefined
  })
})

describe('a body over HTTP/2', () => {
  async function open(sending: Sending) {
    const server = createHttp2()
    server.on('request', async (request, response) => {
      const outcome = await receive(request as unknown as IncomingMessage)
      outcomes.push(outcome)
      if (!response.destroyed) response.end(JSON.stringify(outcome))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port: at } = server.address() as AddressInfo
    const session = connectHttp2(`http://127.0.0.1:${at}`)
    const { host, ...headers } = await head(sending)
    const stream = session.request({ ...headers, ':method': 'PUT', ':path': '/some/path', ':authority': host })
    stream.on('error', () => {}).resume()
    const close = () => {
      session.destroy()
      server.close()
    }
    return { stream, close }
  }

  it('that stops without being signed leaves the spool', async () => {
    patience.idleMs = 150
    const { stream, close } = await open({ body: large, sendHash: false })
    stream.write(large.subarray(0, -3))
    await until(() => spool.usage().files === 1)
    await until(() => outcomes.length > 0)
    expect(outcomes).toMatchObject([{ reason: 'body-stalled' }])
    close()
  })

  it('that is cut is not taken for whole, though nothing says how long it should be', async () => {
    for (const body of [small, large]) {
      const { stream, close } = await open({ body, service: 's3', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })
      await new Promise((written) => stream.write(body.subarray(0, -3), written))
      // Not stream.close(): node ends the body before it resets the stream, and an ended one is whole.
      stream.destroy(new Error('cut'))
      await until(() => outcomes.length > 0)
      expect(outcomes.shift()).toMatchObject({ reason: 'body-incomplete' })
      close()
    }
  })
})

describe('bodies in memory', () => {
  it('are bounded over all requests of a key: what is over is refused, and taken when there is room again', async () => {
    const body = Buffer.alloc(2_900_000, 'x')
    const headers = { ...(await head({ body })), 'content-length': body.length }
    const stalled = httpRequest({ port, host: '127.0.0.1', method: 'PUT', path: '/some/path', headers })
    stalled.on('error', () => {})
    stalled.write(body.subarray(0, -3))
    await until(() => budget.usage().bytes > 2_800_000)
    expect(await send({ body })).toMatchObject({ code: 'ThrottlingException', reason: 'memory-full' })
    stalled.destroy()
    await until(() => budget.usage().bytes === 0)
    expect(await send({ body })).toMatchObject({ code: 'ok' })
  })

  it('cannot be taken up by somebody without the secret so that signed ones find no room', async () => {
    const body = Buffer.alloc(90_000, 'x')
    const waiting = await Promise.all(
      [0, 1].map(async () => {
        const headers = { ...(await head({ body, sendHash: false })), 'content-length': body.length }
        const request = httpRequest({ port, host: '127.0.0.1', method: 'PUT', path: '/some/path', headers })
        request.on('error', () => {})
        request.write(body.subarray(0, -3))
        return request
      }),
    )
    await until(() => budget.usage().bytes > 100_000)
    expect(await send({ body, sendHash: false })).toMatchObject({ code: 'ThrottlingException', reason: 'memory-full' })
    expect(await send({ body })).toMatchObject({ code: 'ok' })
    for (const request of waiting) request.destroy()
    await until(() => budget.usage().bytes === 0)
  })

  it('give their place back when they were taken whole, refused or left', async () => {
    for (const sendHash of [true, false]) {
      for (const body of [small, large]) {
        await send({ body, sendHash })
        await send({ body, sent: changed(body), sendHash })
        await until(() => budget.usage().bytes === 0)
      }
    }
  })
})

describe('an aws-chunked body', () => {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

  /** Written from the S3 documentation, apart from the decoder. */
  async function chunkedUpload(
    body: Buffer,
    kind: 'PAYLOAD' | 'PAYLOAD-TRAILER' | 'UNSIGNED-TRAILER',
    tamper: (text: Buffer) => Buffer = (text) => text,
    trailer = crc(body),
  ) {
    const hasTrailer = kind !== 'PAYLOAD'
    const headers = await head({
      service: 's3',
      body: Buffer.alloc(0),
      headers: {
        'x-amz-content-sha256': kind === 'UNSIGNED-TRAILER' ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' : `STREAMING-AWS4-HMAC-SHA256-${kind}`,
        'x-amz-decoded-content-length': String(body.length),
        ...(hasTrailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
      },
    })
    const date = headers['x-amz-date'] ?? ''
    const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
    let previous = /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1] ?? ''
    const sign = (what: string, rest: string) => {
      previous = hmac(key, `AWS4-HMAC-SHA256-${what}\n${date}\n${scope}\n${previous}\n${rest}`).toString('hex')
      return previous
    }
    const parts: Buffer[] = []
    for (let at = 0; at <= body.length; at += 65_536) {
      const chunk = body.subarray(at, at + 65_536)
      const signature = kind === 'UNSIGNED-TRAILER' ? '' : `;chunk-signature=${sign('PAYLOAD', `${sha256('')}\n${sha256(chunk)}`)}`
      parts.push(Buffer.from(`${chunk.length.toString(16)}${signature}\r\n`), chunk)
      if (chunk.length > 0) parts.push(Buffer.from('\r\n'))
    }
    if (body.length % 65_536 !== 0) {
      const signature = kind === 'UNSIGNED-TRAILER' ? '' : `;chunk-signature=${sign('PAYLOAD', `${sha256('')}\n${sha256('')}`)}`
      parts.push(Buffer.from(`0${signature}\r\n`))
    }
    if (hasTrailer) parts.push(Buffer.from(`x-amz-checksum-crc32:${trailer}\r\n`))
    if (kind === 'PAYLOAD-TRAILER')
      parts.push(Buffer.from(`x-amz-trailer-signature:${sign('TRAILER', sha256(`x-amz-checksum-crc32:${trailer}\n`))}\r\n`))
    parts.push(Buffer.from('\r\n'))
    const sent = tamper(Buffer.concat(parts))
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: '/some/path',
      headers: { ...headers, 'content-length': sent.length },
    })
    request.end(sent)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return JSON.parse(Buffer.concat(await response.toArray()).toString()) as Outcome
  }

  const kinds = ['PAYLOAD', 'PAYLOAD-TRAILER', 'UNSIGNED-TRAILER'] as const
  const replace = (from: string, to: string) => (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')

  it.each(kinds)('%s is decoded, whatever its size', async (kind) => {
    for (const body of [Buffer.alloc(0), small, large, large.subarray(0, 131_072)]) {
      expect(await chunkedUpload(body, kind)).toMatchObject({ code: 'ok', size: body.length, hash: sha256(body) })
    }
  })

  it.each(kinds)('%s is refused when its bytes were changed, before the changed ones are handed on', async (kind) => {
    const outcome = await chunkedUpload(large, kind, (bytes) => {
      bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1
      return bytes
    })
    expect(outcome.code).not.toBe('ok')
    expect(outcome.size).toBeLessThan(kind === 'UNSIGNED-TRAILER' ? large.length : 1_000_000)
  })

  it.each([
    ['a wrong trailer', 'UNSIGNED-TRAILER', undefined, 'AAAAAA==', 'checksum-mismatch'],
    ['a signed, but wrong trailer', 'PAYLOAD-TRAILER', undefined, 'AAAAAA==', 'checksum-mismatch'],
    ['a trailer changed on the way', 'PAYLOAD-TRAILER', replace('crc32:', 'crc32:A'), undefined, 'chunk-signature-mismatch'],
    [
      'no trailer though one was announced',
      'UNSIGNED-TRAILER',
      replace('x-amz-checksum-crc32:', 'x-amz-checksum-other:'),
      undefined,
      'checksum-invalid',
    ],
    ['a chunk without its signature', 'PAYLOAD', replace(';chunk-signature', ';chunk-sig'), undefined, 'chunk-malformed'],
    ['a size that is none', 'UNSIGNED-TRAILER', replace('7\r\n', 'zz\r\n'), undefined, 'chunk-malformed'],
    ['a size too small', 'UNSIGNED-TRAILER', replace('7\r\n', '5\r\n'), undefined, 'chunk-malformed'],
    ['an endless size line', 'UNSIGNED-TRAILER', (bytes: Buffer) => Buffer.concat([Buffer.alloc(9000, '1'), bytes]), undefined, 'chunk-malformed'],
    ['less than announced', 'UNSIGNED-TRAILER', replace('7\r\n{"a":1}', '3\r\n{"a'), undefined, 'body-incomplete'],
    ['more than announced', 'UNSIGNED-TRAILER', replace('7\r\n', '2\r\nab\r\n7\r\n'), undefined, 'body-incomplete'],
    ['no last chunk', 'PAYLOAD', (bytes: Buffer) => bytes.subarray(0, -100), undefined, 'body-incomplete'],
    ['something after its end', 'PAYLOAD', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('GET /')]), undefined, 'chunk-malformed'],
  ] as const)('with %s is refused', async (_what, kind, tamper, trailer, reason) => {
    expect(await chunkedUpload(small, kind, tamper, trailer)).toMatchObject({ reason })
  })
})

function crc(bytes: Buffer): string {
  const value = Buffer.alloc(4)
  value.writeUInt32BE(crc32(bytes))
  return value.toString('base64')
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

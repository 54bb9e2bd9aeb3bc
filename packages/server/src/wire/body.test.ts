import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { changed, head, large, maxBytes, type Outcome, outcomes, port, send, small, until } from './body-server.fixture.js'
import { secretAccessKey, sha256 } from './signed-request.fixture.js'

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

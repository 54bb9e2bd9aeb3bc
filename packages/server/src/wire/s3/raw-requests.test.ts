import { readdirSync, readlinkSync } from 'node:fs'
import { request as httpRequest, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { requestSigner } from '#wire/signed-request.fixture.js'
import { s3Protocol } from './index.js'
import { buckets, keysOf, newBucket, put, server } from './s3-server.fixture.js'

const openObjects = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('agentworks-s3-') && readlinkSync(`/proc/self/fd/${fd}`).includes('/objects/')
    } catch {
      return false
    }
  }).length

describe('raw requests', () => {
  async function raw(method: string, path: string, { body = '', headers = {} }: { body?: string; headers?: Record<string, string> } = {}) {
    const [rawPath = '', rawQuery = ''] = path.split('?')
    const query = Object.fromEntries(new URLSearchParams(rawQuery))
    const signed = await requestSigner('s3', { sendHash: true }).sign({
      method,
      protocol: 'http:',
      hostname: 'x',
      path: rawPath,
      query,
      headers: { host: `127.0.0.1:${server.port}`, ...headers },
      body,
    })
    return exchange(method, path, signed.headers, body)
  }

  function exchange(method: string, path: string, headers: Record<string, string>, body = ''): Promise<{ status?: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { host: '127.0.0.1', port: server.port, method, path, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
        (response) => {
          let text = ''
          response.on('data', (piece) => (text += piece)).on('end', () => resolve({ status: response.statusCode, text }))
        },
      )
      sent.on('error', reject).end(body)
    })
  }

  it('with XML that is none, too clever or too long are MalformedXML', async () => {
    const Bucket = await newBucket()
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>'
    for (const body of [
      '',
      'not xml',
      '<Delete>',
      '<Other/>',
      '<Delete/>',
      bomb,
      `<Delete>${'<Object><Key>k</Key></Object>'.repeat(1001)}</Delete>`,
      '<Delete>'.repeat(5000),
    ]) {
      expect(await raw('POST', `/${Bucket}?delete=`, { body }), body.slice(0, 40)).toMatchObject({
        status: 400,
        text: expect.stringContaining('<Code>MalformedXML</Code>'),
      })
    }
  })

  it('decode the entities of XML and no others', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'a&b<\u00e9')
    const body = '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n <Object>\n  <Key>a&amp;b&lt;&#xe9;</Key></Object></Delete>'
    expect(await raw('POST', `/${Bucket}?delete=`, { body })).toMatchObject({ status: 200 })
    expect(await keysOf({ Bucket })).toEqual([])
  })

  it('with a malformed path, a long key or a bad number are refused, never a 500', async () => {
    const Bucket = await newBucket()
    for (const [method, path, code] of [
      ['GET', `/${Bucket}/%zz`, 'InvalidURI'],
      ['GET', `/${Bucket}/%ff`, 'InvalidURI'],
      ['PUT', `/${Bucket}/${'k'.repeat(1025)}`, 'KeyTooLongError'],
      ['PUT', `/${Bucket}/%00`, 'InvalidArgument'],
      ['GET', `/${Bucket}?max-keys=-1`, 'InvalidArgument'],
      ['GET', `/${Bucket}?list-type=3`, 'InvalidArgument'],
      ['PUT', `/${Bucket}/k?partNumber=0&uploadId=x`, 'InvalidArgument'],
      ['PUT', `/${Bucket}/k?partNumber=1&uploadId=x`, 'NoSuchUpload'],
      ['PATCH', `/${Bucket}/k`, 'NotImplemented'],
      ['POST', '/', 'NotImplemented'],
      ['GET', '//', 'InvalidURI'],
    ] as const) {
      expect((await raw(method, path)).text, `${method} ${path.slice(0, 40)}`).toContain(`<Code>${code}</Code>`)
    }
  })

  it('with a wrong signature get the codes of S3', async () => {
    const signed = (
      await requestSigner('s3', { sendHash: true }).sign({
        method: 'GET',
        protocol: 'http:',
        hostname: 'x',
        path: '/',
        query: {},
        headers: { host: `127.0.0.1:${server.port}` },
        body: '',
      })
    ).headers
    const authorization = signed.authorization ?? ''
    const answer = async (headers: Record<string, string>) => /<Code>(\w+)/.exec((await exchange('GET', '/', headers)).text)?.[1]
    expect(await answer({ ...signed, authorization: authorization.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) })).toBe(
      'SignatureDoesNotMatch',
    )
    expect(await answer({ ...signed, authorization: authorization.replace('AKIDEXAMPLE', 'AKIDUNKNOWN') })).toBe('InvalidAccessKeyId')
    expect(await answer({ ...signed, 'x-amz-security-token': 'none' })).toBe('InvalidToken')
    const old = (
      await requestSigner('s3', { sendHash: true }).sign(
        { method: 'GET', protocol: 'http:', hostname: 'x', path: '/', query: {}, headers: { host: `127.0.0.1:${server.port}` }, body: '' },
        { signingDate: new Date(Date.now() - 600_000) },
      )
    ).headers
    expect(await answer(old)).toBe('RequestTimeTooSkewed')
  })

  it('presigned, and with the bucket in the host name, are answered', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'k', 'hello')
    const presign = (host: string, path: string) =>
      requestSigner('s3', { sendHash: false }).presign(
        {
          method: 'GET',
          protocol: 'http:',
          hostname: 'x',
          path,
          query: { 'response-content-type': 'text/plain', 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
          headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        },
        { expiresIn: 600 },
      )
    for (const [host, path] of [
      [`127.0.0.1:${server.port}`, `/${Bucket}/k`],
      [`${Bucket}.localhost:${server.port}`, '/k'],
    ] as const) {
      const { query } = await presign(host, path)
      const text = new URLSearchParams(query as Record<string, string>).toString()
      expect(await exchange('GET', `${path}?${text}`, { host })).toEqual({ status: 200, text: 'hello' })
    }
  })

  it('presigned with metadata that no header can carry are refused by name, before anything is stored', async () => {
    const Bucket = await newBucket()
    const host = `127.0.0.1:${server.port}`
    const putWith = async (name: string, value: string) => {
      const path = `/${Bucket}/k`
      const { query } = await requestSigner('s3', { sendHash: false }).presign(
        {
          method: 'PUT',
          protocol: 'http:',
          hostname: 'x',
          path,
          query: { [name]: value },
          headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        },
        { expiresIn: 600 },
      )
      const text = Object.entries(query ?? {}).map(([key, one]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`)
      return exchange('PUT', `${path}?${text.join('&')}`, { host }, 'hello')
    }
    for (const [name, value] of [
      ['x-amz-meta-a', '\u20ac'],
      ['x-amz-meta-a', 'a\nb'],
      ['x-amz-meta-a', 'a\0b'],
      ['x-amz-meta-a b', 'c'],
      ['x-amz-meta-\u0001', 'c'],
    ] as const) {
      const answer = await putWith(name, value)
      expect(answer, JSON.stringify([name, value])).toMatchObject({ status: 400, text: expect.stringContaining('<Code>InvalidArgument</Code>') })
      expect(answer.text).toContain(`<ArgumentName>${name.replace('\u0001', '?')}</ArgumentName>`)
    }
    expect(await keysOf({ Bucket })).toEqual([])
    expect(await putWith('x-amz-meta-a', 'caf\u00e9')).toMatchObject({ status: 200 })
    expect((await raw('GET', `/${Bucket}/k`)).status).toBe(200)
  })

  it('for an answer that cannot be written leave no file open', async () => {
    const stream = Readable.from(['bytes'])
    const { write } = s3Protocol({ buckets, authorizer: { authorize: () => undefined } })
    const matched = { detail: { wire: { method: 'GET' } } } as unknown as Parameters<typeof write>[0]
    const exchanged = { response: new ServerResponse(new IncomingMessage(new Socket())), requestId: 'r' } as Parameters<typeof write>[2]
    await expect(write(matched, { stream, headers: { 'x-amz-meta-a': 'a\nb' } }, exchanged)).rejects.toThrow('Invalid character')
    expect(stream.destroyed).toBe(true)
  })

  it.skipIf(process.platform !== 'linux')('with a header to answer that none can be leave no file open (linux: counted in /proc)', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'k', 'hello')
    const before = openObjects()
    for (let n = 0; n < 5; n += 1) expect((await raw('GET', `/${Bucket}/k?response-content-type=a%0Ab`)).status).toBe(400)
    expect(openObjects()).toBe(before)
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { randomIds } from '#kernel/ids.js'
import {
  budget,
  changed,
  dir,
  gate,
  head,
  large,
  limits,
  outcomes,
  patience,
  port,
  receive,
  type Sending,
  send,
  small,
  spool,
  until,
} from './body-server.fixture.js'
import { fileSpool } from './spool.js'

describe('the spool', () => {
  it('refuses what is over its number of files, and takes it when one is free again', async () => {
    let free = () => {}
    gate.hold = new Promise((resolve) => {
      free = resolve
    })
    const waiting = [send({ body: large, sendHash: false }), send({ body: large, sendHash: false })]
    await until(() => spool.usage().bytes === 2 * large.length)
    expect(await send({ body: large, sendHash: false })).toMatchObject({ code: 'ThrottlingException', reason: 'spool-full' })
    free()
    gate.hold = undefined
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
    gate.hold = new Promise((resolve) => setTimeout(resolve, 300))
    expect(await send({ body: large })).toMatchObject({ code: 'ok' })
    gate.hold = undefined
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

  it('that stops while it is passed on is refused (the server then closes its stream)', async () => {
    patience.idleMs = 150
    gate.isStreamed = true
    const { stream, close } = await open({ body: large })
    stream.write(large.subarray(0, -3))
    await until(() => outcomes.length > 0)
    expect(outcomes).toMatchObject([{ reason: 'body-stalled' }])
    gate.isStreamed = undefined
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

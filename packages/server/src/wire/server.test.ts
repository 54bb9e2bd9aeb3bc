import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { request as http1 } from 'node:http'
import { type ClientHttp2Session, connect as http2 } from 'node:http2'
import { type Socket, connect as tcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Answer, type AnyResponse, type WireServer, wireServer } from './server.js'

const servers: WireServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(100)
})

const limits = { onPort: 2_000, onSocket: 64, http2IdleMs: 60_000, lateBodyMs: 5_000, tellEveryMs: 10_000 }

async function serve(answer: Answer, changed: Partial<typeof limits> = {}, refused?: (closed: number, why: string) => void) {
  const server = wireServer(answer, { limits: { ...limits, ...changed }, refused })
  servers.push(server)
  return { server, ...(await server.listenOnPort('127.0.0.1', 0)) }
}

const echo: Answer = (request, response, entrance) => {
  let size = 0
  request.on('data', (piece: Buffer) => (size += piece.length))
  request.on('end', () => response.end(JSON.stringify({ version: request.httpVersion, size, entrance })))
}

function get1(options: { port: number } | { socketPath: string }, body = ''): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = http1({ host: '127.0.0.1', method: 'POST', ...options }, (response) => {
      let text = ''
      response.on('data', (piece) => (text += piece)).on('end', () => resolve(JSON.parse(text)))
    })
    sent.on('error', reject).end(body)
  })
}

function get2(session: ClientHttp2Session, body = ''): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    let text = ''
    stream.on('data', (piece) => (text += piece)).on('end', () => session.close(() => resolve(JSON.parse(text))))
    stream.end(body)
  })
}

describe('one port', () => {
  it('speaks HTTP/1.1 and HTTP/2 with prior knowledge, side by side', async () => {
    const { port } = await serve(echo)
    const [one, two] = await Promise.all([get1({ port }, 'abc'), get2(http2(`http://127.0.0.1:${port}`), 'abcd')])
    expect(one).toEqual({ version: '1.1', size: 3, entrance: { kind: 'port' } })
    expect(two).toEqual({ version: '2.0', size: 4, entrance: { kind: 'port' } })
  })

  it('takes a head that arrives byte by byte', async () => {
    const { port } = await serve(echo)
    const answer = await new Promise<string>((resolve) => {
      const socket = tcp(port, '127.0.0.1')
      let text = ''
      socket.on('data', (piece) => (text += piece)).on('close', () => resolve(text))
      const bytes = [...'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n']
      const next = () => {
        const byte = bytes.shift()
        if (byte !== undefined) socket.write(byte, () => setImmediate(next))
      }
      next()
    })
    expect(answer).toContain('"version":"1.1"')
  })

  it('answers bytes that are no HTTP with an end of the connection', async () => {
    const { port } = await serve(echo)
    const ended = await new Promise((resolve) =>
      tcp(port, '127.0.0.1', function (this: ReturnType<typeof tcp>) {
        this.write('\0\0nonsense\r\n\r\n')
      })
        .on('close', () => resolve(true))
        .resume(),
    )
    expect(ended).toBe(true)
  })
})

describe('a connection', () => {
  it('is known as HTTP/2 however its first bytes are cut', async () => {
    const { port } = await serve(echo)
    const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
    const frame = await new Promise<Buffer>((resolve, reject) => {
      const socket = tcp(port, '127.0.0.1', async () => {
        for (const piece of ['P', 'R', 'I * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
          socket.write(piece)
          await new Promise((next) => setTimeout(next, 20))
        }
        socket.write(emptySettings)
      })
      socket.setNoDelay(true)
      socket.once('data', (bytes) => resolve(bytes) ?? socket.destroy()).once('close', () => reject(new Error('closed')))
    })
    expect(frame[3]).toBe(4)
  })

  it('of HTTP/2 is closed when it has had no request for a while, whatever it pings, and not while one is open', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { port } = await serve(
      async (request, response) => {
        request.resume()
        await held
        response.end('{}')
      },
      { http2IdleMs: 150 },
    )
    const [idle, busy] = [http2(`http://127.0.0.1:${port}`), http2(`http://127.0.0.1:${port}`)]
    const ping = setInterval(() => idle.closed || idle.destroyed || idle.ping(() => {}), 20)
    const stream = busy.request({ ':method': 'POST', ':path': '/' })
    stream.end('x')
    await once(idle, 'close')
    clearInterval(ping)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(busy.closed).toBe(false)
    release()
    stream.resume()
    await once(busy, 'close')
  })

  it('of HTTP/2 does not stay for the body of a request that was answered', async () => {
    const { port } = await serve((request, response) => request.once('data', () => response.end('{}')), { http2IdleMs: 50, lateBodyMs: 50 })
    const session = http2(`http://127.0.0.1:${port}`)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.resume().write('x')
    await once(session, 'close')
  })

  it('beyond the limit is closed at once on a session', async () => {
    const { server } = await serve(echo, { onSocket: 1 })
    const path = join(mkdtempSync(join(tmpdir(), 'aw-')), 's.sock')
    await server.listenOnSocket(path, { kind: 'session', instanceId: 'i1' })
    const kept = tcp({ path })
    await once(kept, 'connect')
    await closed(tcp({ path }))
    expect(kept.closed).toBe(false)
    kept.destroy()
  })

  it('beyond the limit of the port takes the place of the one that has been without a request for longest', async () => {
    const held: AnyResponse[] = []
    const { promise: told, resolve: crowded } = Promise.withResolvers<number>()
    const answer: Answer = (request, response, entrance) => (request.url === '/held' ? void held.push(response) : echo(request, response, entrance))
    const { port } = await serve(answer, { onPort: 2, tellEveryMs: 0 }, crowded)
    const target = { host: '127.0.0.1', port }
    const [half, busy] = [tcp(target), tcp(target)]
    half.write('POST / HTTP/1.1\r\nHost: half')
    busy.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
    await expect.poll(() => held.length).toBe(1)
    expect(await get1({ port })).toMatchObject({ size: 0 })
    await closed(half)
    expect(await told).toBeGreaterThan(0)

    // When all of them are busy, whoever comes is closed.
    const second = tcp(target)
    second.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
    await expect.poll(() => held.length).toBe(2)
    await closed(tcp(target))
    for (const response of held) response.end('after all')
    expect(String((await once(busy, 'data'))[0])).toContain('200 OK')
    expect(await get1({ port }), 'and an answered one makes room again').toMatchObject({ size: 0 })
    for (const socket of [busy, second]) socket.destroy()
  })
})

async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {}).resume()
  if (!socket.closed) await once(socket, 'close')
}

describe('the listener of a session', () => {
  it('marks what came through it, for both versions of HTTP', async () => {
    const { server } = await serve(echo)
    const socketPath = join(mkdtempSync(join(tmpdir(), 'aw-')), 's.sock')
    await server.listenOnSocket(socketPath, { kind: 'session', instanceId: 'i1' })
    expect(await get1({ socketPath })).toMatchObject({ entrance: { kind: 'session', instanceId: 'i1' } })
    expect(await get2(http2('http://localhost', { createConnection: () => tcp(socketPath) }))).toMatchObject({
      version: '2.0',
      entrance: { kind: 'session', instanceId: 'i1' },
    })
  })
})

describe('draining', () => {
  it('lets a request in flight end and refuses new connections', async () => {
    const started = Promise.withResolvers<void>()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { server, port, listener } = await serve(async (request, response) => {
      request.resume()
      started.resolve()
      await held
      response.end('{"done":true}')
    })
    const answer = get1({ port })
    await started.promise
    await listener.close()
    const drained = server.drain(5_000)
    await expect(get1({ port })).rejects.toThrow(/ECONNREFUSED/)
    release()
    expect(await answer).toEqual({ done: true })
    await drained
  })

  it('cuts what is still open after the grace', async () => {
    const started = Promise.withResolvers<void>()
    const { server, port } = await serve((request) => {
      request.resume()
      started.resolve()
    })
    const answer = get1({ port })
    await started.promise
    await server.drain(50)
    await expect(answer).rejects.toThrow()
  })
})

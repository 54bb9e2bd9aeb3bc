// An agent that breaks its answer off, at moments in which nobody listens to the answer yet: an error then must not end the platform.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { undiciLink } from './undici-link.js'

const call = { method: 'POST', path: '/invocations', headers: { host: '127.0.0.1:8080' }, answerMs: 5_000, signals: [] } as const
const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

async function agent(answer: (socket: Socket) => void) {
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => answer(socket)))
  const socketPath = join(dir, 's')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const link = undiciLink(socketPath)
  onTestFinished(async () => {
    link.close()
    server.close()
    await rm(dir, { recursive: true })
  })
  return link
}

test('an answer that is broken in the piece of its head fails its reader alone', async () => {
  const link = await agent((socket) => socket.end(`${head}zz\r\nno chunk`))
  const answer = await link.call({ ...call, body: Buffer.from('{}') })
  await expect(answer.toArray()).rejects.toThrow()
})

test('an early answer that breaks off while the request is still sent fails its reader alone', async () => {
  const body = new PassThrough()
  const link = await agent(async (socket) => {
    socket.write(`${head}2\r\nhi\r\n`)
    await delay(20)
    socket.destroy()
    await delay(20)
    body.end('the rest')
  })
  const asked = link.call({ ...call, headers: { ...call.headers, 'content-length': 16 }, body })
  body.write('a part, ')
  const failed = await asked
    .then(
      (answer) => answer.toArray(),
      (fault: unknown) => fault as Error,
    )
    .catch((fault: unknown) => fault)
  expect(failed).toBeInstanceOf(Error)
})

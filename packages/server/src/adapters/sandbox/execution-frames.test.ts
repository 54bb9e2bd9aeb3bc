import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { frame, framesOf } from './execution-frames.js'

async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect((server.address() as { port: number }).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  server.close()
  return { near, far: far.setNoDelay() }
}

it('takes frames however they are cut: many in a piece, one in many pieces', async () => {
  const { near, far } = await pair()
  const sent = [frame(1, 'a'), frame(2, ''), frame(3, Buffer.alloc(70_000, 7)), frame(4, 'the last')]
  const whole = Buffer.concat(sent)
  const cuts = [0, 3, 5, 6, 7, 20, 30_000, 70_010, whole.length]
  const writing = (async () => {
    for (let index = 1; index < cuts.length; index += 1) {
      far.write(whole.subarray(cuts[index - 1], cuts[index]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    far.end()
  })()
  const got: [number, number][] = []
  for await (const { kind, payload } of framesOf(near)) got.push([kind, payload.length])
  await writing
  expect(got).toEqual([
    [1, 1],
    [2, 0],
    [3, 70_000],
    [4, 8],
  ])
})

it('believes no length beyond its bound', async () => {
  const { near, far } = await pair()
  far.on('error', () => {}).write(Buffer.from([1, 0x7f, 0xff, 0xff, 0xff]))
  const got: unknown[] = []
  for await (const one of framesOf(near)) got.push(one)
  expect(got).toEqual([])
  far.destroy()
})

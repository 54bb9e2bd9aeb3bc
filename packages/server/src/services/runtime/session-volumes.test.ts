import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { sessionVolumes } from '#adapters/session-storage/volumes.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { contextFor, openWorld } from './world.fixture.js'

type World = Awaited<ReturnType<typeof openWorld>>
const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const day = 24 * 60 * 60_000
const session = (name: string) => `${name}-${'0'.repeat(33)}`
const filesystemConfigurations = [{ sessionStorage: { mountPath: '/mnt/data' } }]
/** Runs the text it is sent as a shell command, and answers what that printed. */
const shellAgent = `
const { exec } = require('node:child_process')
require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  let command = ''
  request.on('data', (piece) => (command += piece)).on('end', () => exec(command, (error, out) => response.end(out + (error ? ' failed' : ''))))
}).listen(8080)`

const available = await bubblewrapAvailable()
const why = available.ok ? undefined : `bubblewrap does not work here: ${available.reason}`

async function open(kind: 'image' | 'folder', bytes: number): Promise<World> {
  const world = await openWorld(
    {},
    {
      sandbox: (runtimeDir) => bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds }),
      sessionStorage: (dir) => sessionVolumes({ dir, bytes, kinds: kind === 'folder' ? ['folder'] : undefined }),
    },
  )
  worlds.push(world)
  return world
}

async function run({ room }: World, agentRuntimeArn: string, runtimeSessionId: string, command: string): Promise<string> {
  const payload = Readable.from([Buffer.from(command)])
  const { response } = await room.operations.InvokeAgentRuntime(contextFor(), { agentRuntimeArn, runtimeSessionId, payload })
  return text(response as Readable)
}

const stop = ({ room }: World, agentRuntimeArn: string, runtimeSessionId: string) =>
  room.operations.StopRuntimeSession(contextFor(), { agentRuntimeArn, runtimeSessionId })

describe.each(['image', 'folder'] as const)('storage as %s', (kind) => {
  it('comes back with the session id, as the same user, and to no other session', async ({ skip }) => {
    if (why) return skip(why)
    const world = await open(kind, 32 << 20)
    const arn = await world.agent('keeps', shellAgent, { filesystemConfigurations })
    await run(world, arn, session('a'), 'echo kept > /mnt/data/note && chmod 600 /mnt/data/note')
    expect(await run(world, arn, session('b'), 'ls /mnt/data')).toBe('')
    await stop(world, arn, session('a'))
    expect(await run(world, arn, session('a'), 'echo more >> /mnt/data/note; cat /mnt/data/note')).toBe('kept\nmore\n')
  })

  it('is forgotten 14 days after its last use, and not a day earlier', async ({ skip }) => {
    if (why) return skip(why)
    const world = await open(kind, 32 << 20)
    await world.room.recover()
    const arn = await world.agent('forgets', shellAgent, { filesystemConfigurations })
    await run(world, arn, session('a'), 'echo kept > /mnt/data/note')
    await stop(world, arn, session('a'))
    world.pass(13 * day)
    expect(await run(world, arn, session('a'), 'cat /mnt/data/note')).toBe('kept\n')
    await stop(world, arn, session('a'))
    world.pass(13 * day)
    // The sweep has been, and the next one waits.
    await vi.waitFor(() => expect(world.waiting()).toBe(1))
    expect(await world.sessionStorage.ids()).toHaveLength(1)
    world.pass(day)
    await vi.waitFor(async () => expect(await world.sessionStorage.ids()).toEqual([]))
    expect(await run(world, arn, session('a'), 'ls /mnt/data')).toBe('')
  })

  it('goes with its runtime, and what has no owner goes at the next start', async ({ skip }) => {
    if (why) return skip(why)
    const world = await open(kind, 32 << 20)
    const arn = await world.agent('deleted', shellAgent, { filesystemConfigurations })
    await run(world, arn, session('a'), 'true')
    await world.sessionStorage.open('leftBehind')
    expect(await world.sessionStorage.ids()).toHaveLength(2)
    await world.room.recover()
    expect(await world.sessionStorage.ids()).toHaveLength(1)
    await world.room.operations.DeleteAgentRuntime(contextFor(), { agentRuntimeId: arn.split('/')[1] ?? '' })
    await world.room.settled()
    expect(await world.sessionStorage.ids()).toEqual([])
  })
})

describe('storage that outgrows its bound', () => {
  it('as a folder ends its session, whose log says why; the next start may tidy up', async ({ skip }) => {
    if (why) return skip(why)
    const world = await open('folder', 1 << 20)
    const arn = await world.agent('grows', shellAgent, { filesystemConfigurations })
    await run(world, arn, session('a'), 'head -c 2000000 /dev/zero > /mnt/data/big')
    await vi.waitFor(() => {
      world.pass(5_000)
      expect(world.room.sessions.list()).toEqual([])
    }, 10_000)
    const lines = (await world.agentLogs.read(arn.split('/')[1] ?? '', { tail: 10 })).map(({ line }) => line)
    expect(lines).toContainEqual(expect.stringMatching(/its storage holds 2\d{6} bytes, and 1048576 bytes are allowed/))
    expect(await run(world, arn, session('a'), 'rm /mnt/data/big && ls /mnt/data')).toBe('')
    world.pass(5_000)
    // Measured, and found small enough: the next measure and the next ping wait.
    await vi.waitFor(() => expect(world.waiting()).toBe(2))
    expect(world.room.sessions.list()).toHaveLength(1)
  })

  it('as an image is full inside, and nothing else happens', async ({ skip }) => {
    if (why) return skip(why)
    const world = await open('image', 16 << 20)
    if ((await world.sessionStorage.probe()).some(({ holds }) => !holds)) return skip('this host mounts no images')
    const arn = await world.agent('fills', shellAgent, { filesystemConfigurations })
    expect(await run(world, arn, session('a'), 'head -c 60000000 /dev/zero > /mnt/data/big')).toBe(' failed')
    expect(await run(world, arn, session('a'), 'rm /mnt/data/big && echo on > /mnt/data/note && cat /mnt/data/note')).toBe('on\n')
  })
})

it('is refused by name where sessions have no file system of their own', async () => {
  const world = await openWorld()
  worlds.push(world)
  await expect(world.agent('plain', shellAgent, { filesystemConfigurations })).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringMatching(/filesystemConfigurations.*level process/),
  })
})

import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { tags } from '#services/tags/index.js'
import { contextFor, openWorld } from './world.fixture.js'

type World = Awaited<ReturnType<typeof openWorld>>
const worlds: World[] = []
const open = async (...config: Parameters<typeof openWorld>) => {
  const world = await openWorld(...config)
  worlds.push(world)
  await world.room.openPool()
  return world
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const session = (name: string) => `${name}-${'0'.repeat(33)}`
const source = (more = '') => `
console.log('pid ' + process.pid)
require('node:http').createServer((request, response) => {
  response.end(request.url === '/ping' ? '{"status":"Healthy"}' : '{"pid":' + process.pid + '}')
}).listen(8080)
${more}`

const warm = (count: number, more: Record<string, string> = {}) => ({ tags: { 'agentworks:min-instances': String(count), ...more } })

async function invoke({ room }: World, agentRuntimeArn: string, name: string, qualifier?: string): Promise<number> {
  const { response } = await room.operations.InvokeAgentRuntime(contextFor(), {
    agentRuntimeArn,
    runtimeSessionId: session(name),
    qualifier,
    payload: Readable.from([Buffer.from('{}')]),
  })
  return (JSON.parse(await text(response as Readable)) as { pid: number }).pid
}

const stop = ({ room }: World, agentRuntimeArn: string, name: string) =>
  room.operations.StopRuntimeSession(contextFor(), { agentRuntimeArn, runtimeSessionId: session(name) })
const retag = ({ room, store }: World, resourceArn: string, wanted: Record<string, string>) =>
  tags({ store, owners: [room.taggable] }).TagResource(contextFor(), { resourceArn, tags: wanted })
const idOf = (arn: string) => arn.split('/')[1] ?? ''

const waitsFor = (world: World, arn: string, waiting: number) =>
  vi.waitFor(async () => expect(await world.room.instancesOf(arn)).toMatchObject({ waiting, starting: 0 }), 8_000)

/** Every process that the agent has had so far, as it told its log. */
async function started(world: World, arn: string): Promise<{ pid: number; runtimeSessionId: string }[]> {
  const lines = await world.agentLogs.read(idOf(arn), { tail: 1_000 })
  return lines.filter(({ line }) => line.startsWith('pid ')).map(({ line, runtimeSessionId }) => ({ pid: Number(line.slice(4)), runtimeSessionId }))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('instances that wait', () => {
  it('are up before anybody asks, serve one session each, and are replaced', async () => {
    const world = await open()
    const arn = await world.agent('one', source(), warm(2))
    await waitsFor(world, arn, 2)
    const ahead = (await started(world, arn)).map(({ pid }) => pid)
    const served = [await invoke(world, arn, 'a'), await invoke(world, arn, 'b')]
    expect(served.toSorted()).toEqual(ahead.toSorted())
    expect(await invoke(world, arn, 'a')).toBe(served[0])
    world.pass(50)
    await waitsFor(world, arn, 2)
    expect(await started(world, arn)).toHaveLength(4)
  })

  it('end with their session, and are never anybody else’s', async () => {
    const world = await open()
    const arn = await world.agent('one', source(), warm(1))
    await waitsFor(world, arn, 1)
    const seen: number[] = []
    for (const name of ['a', 'b', 'c']) {
      seen.push(await invoke(world, arn, name))
      await stop(world, arn, name)
      expect(isAlive(seen.at(-1) ?? 0)).toBe(false)
      world.pass(50)
      await waitsFor(world, arn, 1)
    }
    expect(new Set(seen).size).toBe(3)
  })

  it('give way to the session that two calls open at once: one instance is taken, the other call is told to retry', async () => {
    const world = await open()
    const arn = await world.agent('one', source(), warm(2))
    await waitsFor(world, arn, 2)
    const both = await Promise.allSettled([invoke(world, arn, 'a'), invoke(world, arn, 'a')])
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    for (const one of both) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'RetryableConflictException' })
    expect(await world.room.instancesOf(arn)).toMatchObject({ sessions: 1, waiting: 1 })
  })

  it('write under a name of their own until a session has them, and tell it where that is', async () => {
    const world = await open()
    const arn = await world.agent('talks', source(), warm(1))
    await waitsFor(world, arn, 1)
    await invoke(world, arn, 'a')
    const [before] = await started(world, arn)
    expect(before?.runtimeSessionId).toMatch(/^warm-[a-z0-9]{12}$/)
    const lines = (await world.agentLogs.read(idOf(arn), { runtimeSessionId: session('a'), tail: 10 })).map(({ line }) => line)
    expect(lines).toEqual([expect.stringMatching(/NOT isolated/), expect.stringContaining(`is in the log of ${before?.runtimeSessionId}`)])
  })

  it('count their idle time from the session’s first call, and their lifetime from their own start', async () => {
    const world = await open({ pingEveryMs: 1_000 })
    const lifecycleConfiguration = { idleRuntimeSessionTimeout: 300, maxLifetime: 300 }
    const arn = await world.agent('lives', source(), { ...warm(1), lifecycleConfiguration })
    await waitsFor(world, arn, 1)
    // Short of the age at which it would be replaced.
    world.pass(70_000)
    const pid = await invoke(world, arn, 'a')
    expect((await started(world, arn)).map((one) => one.pid)).toEqual([pid])
    expect(world.room.sessions.list()).toMatchObject([{ state: 'IDLE', idleSeconds: 0 }])
    for (let age = 70; age < 290; age += 20) {
      world.pass(20_000)
      expect(await invoke(world, arn, 'a')).toBe(pid)
    }
    await vi.waitFor(() => {
      world.pass(10_000)
      expect(isAlive(pid)).toBe(false)
    }, 5_000)
  })

  it('are replaced when a quarter of their lifetime is gone', async () => {
    const world = await open()
    const arn = await world.agent('old', source(), { ...warm(1), lifecycleConfiguration: { maxLifetime: 400 } })
    await waitsFor(world, arn, 1)
    const [first] = await started(world, arn)
    world.pass(100_000)
    await vi.waitFor(async () => expect(await started(world, arn)).toHaveLength(2), 8_000)
    await waitsFor(world, arn, 1)
    expect(isAlive(first?.pid ?? 0)).toBe(false)
    expect(await invoke(world, arn, 'a')).not.toBe(first?.pid)
  })
})

describe('how many wait', () => {
  it('is bounded for the platform, whatever runtimes ask for, and told', async () => {
    const world = await open({ maxWarmInstances: 2 })
    const first = await world.agent('first', source(), warm(5))
    await waitsFor(world, first, 2)
    const second = await world.agent('second', source(), warm(1))
    await vi.waitFor(async () =>
      expect(await world.room.instancesOf(second)).toMatchObject({
        wanted: 1,
        waiting: 0,
        instead: expect.stringMatching(/AGENTWORKS_MAX_WARM_INSTANCES/),
      }),
    )
    await retag(world, first, { 'agentworks:min-instances': '1' })
    await waitsFor(world, first, 1)
    await waitsFor(world, second, 1)
  })

  it('gives way when sessions need the places of the platform', async () => {
    const world = await open({ maxSessions: 2 })
    const waiting = await world.agent('waiting', source(), warm(2))
    await waitsFor(world, waiting, 2)
    const other = await world.agent('other', source())
    await invoke(world, other, 'a')
    await invoke(world, other, 'b')
    await waitsFor(world, waiting, 0)
    expect((await started(world, waiting)).filter(({ pid }) => isAlive(pid))).toEqual([])
  })

  it('follows the target utilisation: as sessions come, more wait; as they go, fewer', async () => {
    const world = await open()
    const arn = await world.agent('busy', source(), warm(0, { 'agentworks:target-utilisation': '50', 'agentworks:max-instances': '5' }))
    for (const name of ['a', 'b']) await invoke(world, arn, name)
    world.pass(50)
    await waitsFor(world, arn, 2)
    await invoke(world, arn, 'c')
    world.pass(50)
    // Three more would be wanted, and two are left of five.
    await waitsFor(world, arn, 2)
    for (const name of ['a', 'b', 'c']) await stop(world, arn, name)
    world.pass(50)
    await waitsFor(world, arn, 0)
  })

  it('is the platform’s figure for runtimes that have none of their own', async () => {
    const world = await open({ warmInstances: 1 })
    const none = await world.agent('none', source(), warm(0))
    const some = await world.agent('some', source())
    await waitsFor(world, some, 1)
    expect(await world.room.instancesOf(none)).toMatchObject({ minInstances: 0, wanted: 0 })
    expect(await started(world, none)).toEqual([])
  })

  it('counts for a named endpoint too, by a tag of its own, with the version that it serves', async () => {
    const world = await open()
    const arn = await world.agent('named', source())
    const { agentRuntimeEndpointArn } = await world.room.operations.CreateAgentRuntimeEndpoint(contextFor(), {
      agentRuntimeId: idOf(arn),
      name: 'prod',
      ...warm(1),
    })
    await waitsFor(world, arn, 1)
    const [ahead] = await started(world, arn)
    expect(await invoke(world, arn, 'a', 'prod')).toBe(ahead?.pid)
    await expect(retag(world, agentRuntimeEndpointArn, { 'agentworks:cpu': '1' })).rejects.toMatchObject({ code: 'ValidationException' })
    world.pass(50)
    await waitsFor(world, arn, 1)
    await world.room.operations.DeleteAgentRuntimeEndpoint(contextFor(), { agentRuntimeId: idOf(arn), endpointName: 'prod' })
    await waitsFor(world, arn, 0)
  })

  it('is none for versions with session storage, and the reason is told', async () => {
    const world = await open()
    const arn = await world.agent('plain', source(), warm(1))
    await waitsFor(world, arn, 1)
    const found = await world.store.list({ name: 'agent-runtime-versions' }, contextFor(), {})
    await world.store.transaction((tx) =>
      tx.put({ name: 'agent-runtime-versions' }, contextFor(), found[0]?.id ?? '', {
        ...(found[0]?.document as object),
        storageMounts: ['/mnt/data'],
      }),
    )
    await retag(world, arn, { 'agentworks:min-instances': '2' })
    await vi.waitFor(
      async () => expect(await world.room.instancesOf(arn)).toMatchObject({ waiting: 0, instead: expect.stringMatching(/storage/) }),
      5_000,
    )
  })
})

describe('what waits is thrown away', () => {
  it('when the runtime has a new version; the new one waits then', async () => {
    const world = await open()
    const arn = await world.agent('moves', source(), warm(1))
    await waitsFor(world, arn, 1)
    const [old] = await started(world, arn)
    await world.update(arn, 'moves')
    await vi.waitFor(() => expect(isAlive(old?.pid ?? 0)).toBe(false), 5_000)
    await waitsFor(world, arn, 1)
    await invoke(world, arn, 'a')
    expect(world.room.sessions.list()).toMatchObject([{ version: '2' }])
  })

  it('when its limits change', async () => {
    const world = await open()
    const arn = await world.agent('grows', source(), warm(1, { 'agentworks:memory-mb': '512' }))
    await waitsFor(world, arn, 1)
    const [old] = await started(world, arn)
    await retag(world, arn, { 'agentworks:memory-mb': '1024', 'agentworks:cpu': '0.5' })
    await vi.waitFor(() => expect(isAlive(old?.pid ?? 0)).toBe(false), 5_000)
    await waitsFor(world, arn, 1)
    await invoke(world, arn, 'a')
    expect(world.room.sessions.list()).toMatchObject([{ memoryMb: 1024, cpus: 0.5 }])
  })

  it.each([0, 1, 5, 50])('when the runtime is deleted, also %i turns after its start was asked for', async (turns) => {
    const world = await open()
    const arn = await world.agent('leaves', source(), warm(0))
    await retag(world, arn, { 'agentworks:min-instances': '3' })
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await world.room.operations.DeleteAgentRuntime(contextFor(), { agentRuntimeId: idOf(arn) })
    await world.room.settled()
    expect(await world.room.instancesOf(arn)).toBeUndefined()
    expect((await started(world, arn)).filter(({ pid }) => isAlive(pid))).toEqual([])
  })

  it('when the platform stops, and nothing starts afterwards', async () => {
    const world = await open()
    const arn = await world.agent('stops', source(), warm(2))
    await waitsFor(world, arn, 2)
    await world.room.stop()
    await world.room.openPool()
    expect((await started(world, arn)).filter(({ pid }) => isAlive(pid))).toEqual([])
    expect(await world.room.instancesOf(arn)).toMatchObject({ waiting: 0, starting: 0 })
  })
})

describe('an instance that fails while it waits', () => {
  it('is replaced after a pause that doubles each time', async () => {
    const world = await open()
    const arn = await world.agent('dies', source(`setTimeout(() => process.exit(3), 100)`), warm(1))
    for (const [count, pause] of [1_000, 2_000, 4_000].entries()) {
      await vi.waitFor(async () => expect(await started(world, arn)).toHaveLength(count + 1), 5_000)
      await vi.waitFor(
        async () =>
          expect(await world.room.instancesOf(arn)).toMatchObject({ waiting: 0, starting: 0, wanted: 1, instead: expect.stringMatching(/ended/) }),
        5_000,
      )
      await vi.waitFor(() => expect(world.waiting()).toBe(1), 5_000)
      world.pass(pause - 1)
      expect(await started(world, arn)).toHaveLength(count + 1)
      world.pass(1)
    }
  })

  it('is not given to a session once it is silent, and replaced', async () => {
    const world = await open()
    const silent = `let pings = 0
      console.log('pid ' + process.pid)
      require('node:http').createServer((request, response) => {
        if (request.url !== '/ping') return response.end('{"pid":' + process.pid + '}')
        if (pings++ > 0) return request.socket.destroy()
        response.end('{}')
      }).listen(8080)`
    const arn = await world.agent('silent', silent, warm(1))
    await waitsFor(world, arn, 1)
    const [first] = await started(world, arn)
    world.pass(2_000)
    // The ping failed, and the next one waits.
    await vi.waitFor(() => expect(world.waiting()).toBe(1))
    expect(await invoke(world, arn, 'a')).not.toBe(first?.pid)
    await vi.waitFor(() => {
      world.pass(2_000)
      expect(isAlive(first?.pid ?? 0)).toBe(false)
    }, 10_000)
  })
})

describe('the maximum of a runtime', () => {
  it('refuses a new session with AWS’s quota error, by the setting that raises it; running ones go on', async () => {
    const world = await open()
    const arn = await world.agent('few', source(), warm(1, { 'agentworks:max-instances': '1' }))
    await waitsFor(world, arn, 1)
    const pid = await invoke(world, arn, 'a')
    await expect(invoke(world, arn, 'b')).rejects.toMatchObject({
      code: 'ServiceQuotaExceededException',
      status: 402,
      message: expect.stringMatching(/agentworks:max-instances/),
    })
    expect(await invoke(world, arn, 'a')).toBe(pid)
    world.pass(50)
    expect(await world.room.instancesOf(arn)).toMatchObject({ sessions: 1, waiting: 0, starting: 0, wanted: 0 })
    await retag(world, arn, { 'agentworks:max-instances': '2' })
    expect(await invoke(world, arn, 'b')).not.toBe(pid)
  })
})

describe('the tags of resources', () => {
  it('are refused by name when they mean nothing, when a runtime is made and later', async () => {
    const world = await open()
    const arn = await world.agent('good', source(), { tags: { team: 'a' } })
    const refused: [Record<string, string>, RegExp][] = [
      [{ 'agentworks:cpu': '0' }, /agentworks:cpu is "0"; it must be a number of processors from 0.1/],
      [{ 'agentworks:cpu': '1e3' }, /agentworks:cpu/],
      [{ 'agentworks:memory-mb': '63' }, /from 64/],
      [{ 'agentworks:min-instances': '-1' }, /from 0 to 1000/],
      [{ 'agentworks:max-instances': '0' }, /from 1/],
      [{ 'agentworks:target-utilisation': '101' }, /per cent from 1 to 100/],
      [{ 'agentworks:gpu': '1' }, /where there are only agentworks:cpu/],
      [{ 'AgentWorks:cpu': '1' }, /choose another/],
      [{ 'agentworks:min-instances': '3', 'agentworks:max-instances': '2' }, /more than agentworks:max-instances, 2/],
    ]
    for (const [wanted, message] of refused) {
      const refusal = { code: 'ValidationException', message: expect.stringMatching(message) }
      await expect(world.agent('bad', source(), { tags: wanted })).rejects.toMatchObject(refusal)
      await expect(retag(world, arn, wanted)).rejects.toMatchObject(refusal)
    }
  })
})

import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { contextFor, openWorld } from './world.fixture.js'

type World = Awaited<ReturnType<typeof openWorld>>
const worlds: World[] = []
const open = async (...config: Parameters<typeof openWorld>) => {
  const world = await openWorld(...config)
  worlds.push(world)
  return world
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const session = (name: string) => `${name}-${'0'.repeat(33)}`
const agentSaying = (ping: string, status = 200) => `
require('node:http').createServer((request, response) => {
  response.writeHead(request.url === '/ping' ? ${status} : 200, { 'content-type': 'application/json' })
  response.end(request.url === '/ping' ? ${JSON.stringify(ping)} : '{"pid":' + process.pid + '}')
}).listen(8080)`

async function invoke({ room }: World, agentRuntimeArn: string, runtimeSessionId: string): Promise<string> {
  const { response } = await room.operations.InvokeAgentRuntime(contextFor(), {
    agentRuntimeArn,
    runtimeSessionId,
    payload: Readable.from([Buffer.from('{}')]),
  })
  return text(response as Readable)
}

describe('while a session starts', () => {
  it('answers a second call with RetryableConflictException, and serves it once the agent is up', async () => {
    const world = await open()
    const arn = await world.agent('slow', `setTimeout(() => { ${agentSaying('{"status":"Healthy"}')} }, 400)`)
    const first = invoke(world, arn, session('a'))
    await vi.waitFor(() => expect(world.room.sessions.list()[0]?.state).toBe('STARTING'))
    await expect(invoke(world, arn, session('a'))).rejects.toMatchObject({ code: 'RetryableConflictException', status: 409 })
    expect(await first).toBe(await invoke(world, arn, session('a')))
  })

  it('can be stopped: whoever started it hears so, nothing runs on, and the id is free', async () => {
    const world = await open()
    const arn = await world.agent('slow', `setTimeout(() => { ${agentSaying('{}')} }, 300)`)
    for (const turns of [0, 1, 5, 50]) {
      const first = expect(invoke(world, arn, session('a'))).rejects.toMatchObject({ code: 'RuntimeClientError' })
      // At different moments of its setting up.
      await vi.waitFor(() => expect(world.room.sessions.list()).toHaveLength(1), { interval: 1 })
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await world.room.operations.StopRuntimeSession(contextFor(), { agentRuntimeArn: arn, runtimeSessionId: session('a') })
      await first
      expect(world.room.sessions.list()).toEqual([])
    }
    expect(await invoke(world, arn, session('a'))).toMatch(/pid/)
  })

  it('answers RuntimeClientError when the agent exits, and says where its output is', async () => {
    const world = await open()
    const arn = await world.agent('exits', `console.error('no luck today'); process.exit(7)`)
    await expect(invoke(world, arn, session('a'))).rejects.toMatchObject({
      code: 'RuntimeClientError',
      status: 424,
      message: expect.stringMatching(/agentworks logs exits-/),
    })
    expect(world.room.sessions.list()).toEqual([])
    const lines = await world.agentLogs.read(arn.split('/')[1] ?? '', { tail: 10 })
    expect(lines.map(({ line }) => line)).toEqual(expect.arrayContaining(['no luck today']))
  })

  it.each([
    ['never listens', 'setInterval(() => undefined, 1000)'],
    ['listens and never answers', `require('node:http').createServer(() => undefined).listen(8080)`],
  ])('gives up on an agent that %s after the time it has', async (_what, source) => {
    const world = await open({ startMs: 500 })
    const arn = await world.agent('silent', source)
    await expect(invoke(world, arn, session('a'))).rejects.toMatchObject({
      code: 'RuntimeClientError',
      message: expect.stringMatching(/port 8080 within 0\.5 s/),
    })
    expect(world.room.sessions.list()).toEqual([])
  })

  it('takes an agent whose /ping answers 501 for up, and tells its log what that means', async () => {
    const world = await open()
    const arn = await world.agent('no_ping', agentSaying('', 501))
    expect(await invoke(world, arn, session('a'))).toMatch(/pid/)
    const lines = await world.agentLogs.read(arn.split('/')[1] ?? '', { tail: 10 })
    expect(lines.filter(({ stream }) => stream === 'platform').map(({ line }) => line)).toEqual([
      expect.stringMatching(/NOT isolated/),
      expect.stringMatching(/501.*background/),
    ])
  })

  it('refuses more sessions than the platform may run, by the setting that raises it', async () => {
    const world = await open({ maxSessions: 1 })
    const arn = await world.agent('one', agentSaying('{}'))
    await invoke(world, arn, session('a'))
    await expect(invoke(world, arn, session('b'))).rejects.toMatchObject({
      code: 'ServiceQuotaExceededException',
      message: expect.stringMatching(/AGENTWORKS_MAX_SESSIONS/),
    })
  })
})

describe('limits by the second', () => {
  it('refuse a new session over the share of the second, by the setting that raises it, and let the running ones go on', async () => {
    const world = await open({ newSessionsPerSecond: 1 })
    const arn = await world.agent('one', agentSaying('{}'))
    await invoke(world, arn, session('a'))
    await expect(invoke(world, arn, session('b'))).rejects.toMatchObject({
      code: 'ThrottlingException',
      status: 429,
      message: expect.stringMatching(/AGENTWORKS_NEW_SESSIONS_PER_SECOND/),
    })
    expect(await invoke(world, arn, session('a'))).toMatch(/pid/)
    world.pass(1_000)
    expect(await invoke(world, arn, session('b'))).toMatch(/pid/)
  })

  it('refuse requests over the share of the second', async () => {
    const world = await open({ requestsPerSecond: 2 })
    const arn = await world.agent('one', agentSaying('{}'))
    await invoke(world, arn, session('a'))
    await invoke(world, arn, session('a'))
    await expect(invoke(world, arn, session('a'))).rejects.toMatchObject({
      status: 429,
      message: expect.stringMatching(/AGENTWORKS_REQUESTS_PER_SECOND/),
    })
    world.pass(500)
    expect(await invoke(world, arn, session('a'))).toMatch(/pid/)
  })
})

describe('an agent that fails', () => {
  it('finds its own error answer in its log, and its end', async () => {
    const world = await open()
    const arn = await world.agent(
      'failing',
      `require('node:http').createServer((request, response) => {
        if (request.url === '/ping') return response.end('{}')
        response.writeHead(500).end('{"error":"my own"}')
        setTimeout(() => process.exit(4), 50)
      }).listen(8080)`,
    )
    await expect(invoke(world, arn, session('a'))).rejects.toMatchObject({ code: 'RuntimeClientError', message: expect.stringMatching(/\(500\)/) })
    await vi.waitFor(() => expect(world.room.sessions.list()).toEqual([]), 5_000)
    const lines = (await world.agentLogs.read(arn.split('/')[1] ?? '', { tail: 10 })).map(({ line }) => line)
    expect(lines).toContain('POST /invocations was answered with 500: {"error":"my own"}')
    expect(lines).toContain('The agent ended by itself: exit code 4.')
  })
})

describe('what the operator sees', () => {
  it('is ACTIVE while the agent says HealthyBusy, from its first ping on, and IDLE once it does not', async () => {
    const world = await open()
    const source = `let busy = true
      require('node:http').createServer((request, response) => {
        if (request.url !== '/ping') { busy = false; return response.end('{}') }
        response.end(JSON.stringify({ status: busy ? 'HealthyBusy' : 'Healthy' }))
      }).listen(8080)`
    const arn = await world.agent('working', source)
    // The invocation is what ends the work; until the next ping the agent's last word stands.
    await invoke(world, arn, session('a'))
    const [before] = world.room.sessions.list()
    expect(before).toMatchObject({ state: 'ACTIVE', idleSeconds: 0, ping: { status: 'HealthyBusy', answerAgeSeconds: 0 } })
    world.pass(2_000)
    await vi.waitFor(() => expect(world.room.sessions.list()).toMatchObject([{ state: 'IDLE', ping: { status: 'Healthy' } }]))
    expect(Date.parse(world.room.sessions.list()[0]?.ping?.changedAt ?? '') - Date.parse(before?.ping?.changedAt ?? '')).toBe(2_000)
  })

  it('is how long ago the agent last answered, once it has gone silent', async () => {
    const world = await open()
    const source = `let pings = 0
      require('node:http').createServer((request, response) => {
        if (request.url !== '/ping' || pings++ === 0) response.end('{"status":"Healthy"}')
        else request.socket.destroy()
      }).listen(8080)`
    const arn = await world.agent('gone_quiet', source)
    await invoke(world, arn, session('a'))
    world.pass(30_000)
    // The ping failed, and the next one waits.
    await vi.waitFor(() => expect(world.waiting()).toBe(1))
    expect(world.room.sessions.list()).toMatchObject([{ state: 'IDLE', ping: { status: 'Healthy', answerAgeSeconds: 30 } }])
  })
})

describe('the end of a session', () => {
  it('comes at the idle timeout; the same id then starts afresh', async () => {
    const world = await open()
    const arn = await world.agent('idle', agentSaying('{"status":"Healthy"}'), { lifecycleConfiguration: { idleRuntimeSessionTimeout: 60 } })
    const before = await invoke(world, arn, session('a'))
    world.pass(59_000)
    await vi.waitFor(() => expect(world.room.sessions.list()[0]?.idleSeconds).toBe(59))
    await pingsUntil(world, 10_000)
    expect(await invoke(world, arn, session('a'))).not.toBe(before)
  })

  it('waits for an agent that says HealthyBusy, until its maximum lifetime', async () => {
    const world = await open()
    const arn = await world.agent('busy', agentSaying('{"status":"HealthyBusy"}'), {
      lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 600 },
    })
    const before = await invoke(world, arn, session('a'))
    for (let seconds = 0; seconds < 300; seconds += 30) {
      world.pass(30_000)
      // The ping was answered, and the next one waits.
      await vi.waitFor(() => expect(world.waiting()).toBe(1))
    }
    expect(await invoke(world, arn, session('a'))).toBe(before)
    await pingsUntil(world, 310_000)
  })

  it('comes at the maximum lifetime even for an agent that never ends its answer to /ping', async () => {
    const world = await open()
    const source = `let pings = 0
      require('node:http').createServer((request, response) => {
        response.writeHead(200)
        if (request.url !== '/ping' || pings++ === 0) response.end('{}')
        else response.write('{')
      }).listen(8080)`
    const arn = await world.agent('endless', source, { lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 60 } })
    await invoke(world, arn, session('a'))
    await pingsUntil(world, 10_000)
  })

  it('is noticed when the agent exits by itself', async () => {
    const world = await open()
    const arn = await world.agent('leaves', `${agentSaying('{}')}; setTimeout(() => process.exit(0), 300)`)
    await invoke(world, arn, session('a'))
    await vi.waitFor(() => expect(world.room.sessions.list()).toEqual([]), 5_000)
  })
})

describe('after a crash of the platform', () => {
  it('names and forgets the sessions of the process that is gone', async () => {
    const world = await open()
    const arn = await world.agent('crashed', agentSaying('{}'))
    await invoke(world, arn, session('a'))
    await world.room.recover()
    expect(world.logged).toContain('sessions ended with the platform process that ran them')
  })
})

/** Lets the session's pings come until it has ended. */
async function pingsUntil(world: World, ms: number): Promise<void> {
  await vi.waitFor(() => {
    world.pass(ms)
    expect(world.room.sessions.list()).toEqual([])
  }, 10_000)
}

// An agent of our SDK whose handler keeps its event loop: its thread answers /ping for it, over a socket of its own.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { buildSync } from 'esbuild'
import { afterEach, expect, test, vi } from 'vitest'
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { contextFor, openWorld } from './world.fixture.js'

type World = Awaited<ReturnType<typeof openWorld>>
const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const sdk = join(import.meta.dirname, '../../../../sdk/src/runtime/index.ts')
if (!existsSync(sdk)) throw new Error(`the SDK is not at ${sdk}`)

/** Blocks until its own session's file is there: no clock decides how long. */
const agent = buildSync({
  stdin: {
    contents: `
    import { existsSync } from 'node:fs'
    import { BedrockAgentCoreApp } from ${JSON.stringify(sdk)}
    const app = new BedrockAgentCoreApp()
    app.entrypoint(() => {
      const task = app.addAsyncTask('crunch')
      while (!existsSync(process.env.HOME + '/release'));
      app.completeAsyncTask(task)
      return 'free'
    })
    void app.run()`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  logLevel: 'silent',
}).outputFiles[0]?.text

const bubblewrap = await bubblewrapAvailable()
const why = bubblewrap.ok ? '' : ` (bubblewrap does not work here: ${bubblewrap.reason})`
const levels = {
  process: (runtimeDir: string) => processSandbox({ runtimeDir, clock: systemClock }),
  bubblewrap: (runtimeDir: string) => bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds }),
}

for (const [level, sandbox] of Object.entries(levels)) {
  test.skipIf(level === 'bubblewrap' && !bubblewrap.ok)(
    `an agent that blocks its loop with a task says HealthyBusy, and its session lives on, at level ${level}${why}`,
    { timeout: 40_000 },
    async () => {
      const world = await openWorld({ pingEveryMs: 500 }, { sandbox })
      worlds.push(world)
      const agentRuntimeArn = await world.agent('blocks', agent ?? '')
      const runtimeSessionId = `blocks-${'0'.repeat(33)}`
      const session = { agentRuntimeArn, runtimeSessionId }
      const payload = () => Readable.from([Buffer.from('{}')])
      const answer = world.room.operations.InvokeAgentRuntime(contextFor(), { ...session, payload: payload() })
      await vi.waitFor(() => expect(world.room.sessions.list()[0]?.state).toBe('ACTIVE'), { timeout: 15_000 })
      // Each step is a ping on the test's clock; only the thread can say that a task runs, since the loop has not turned since it began.
      await vi.waitFor(
        () => {
          world.pass(500)
          expect(world.room.sessions.list()[0]).toMatchObject({ state: 'ACTIVE', ping: { status: 'HealthyBusy' } })
        },
        { timeout: 15_000, interval: 200 },
      )
      const exitCode = await released(world, session)
      expect(exitCode).toBe(0)
      expect(await text((await answer).response as Readable)).toBe('"free"')
      await vi.waitFor(
        () => {
          world.pass(500)
          expect(world.room.sessions.list()[0]).toMatchObject({ state: 'IDLE', ping: { status: 'Healthy' } })
        },
        { timeout: 15_000, interval: 200 },
      )
    },
  )
}

/** By a command beside the agent, which shares its home. */
async function released(world: World, session: { agentRuntimeArn: string; runtimeSessionId: string }) {
  const { stream } = await world.room.operations.InvokeAgentRuntimeCommand(contextFor(), { ...session, body: { command: 'touch ~/release' } })
  for await (const { chunk } of stream as AsyncIterable<{ chunk?: { contentStop?: { exitCode: number } } }>) {
    if (chunk?.contentStop) return chunk.contentStop.exitCode
  }
  throw new Error('the command did not end')
}

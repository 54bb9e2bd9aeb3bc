import { afterEach, expect, it } from 'vitest'
import { BedrockAgentCoreApp } from './index.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function acting({ debug }: { debug: boolean }) {
  const quiet = () => {}
  const app = new BedrockAgentCoreApp({ debug, now: () => 5_000, logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } })
  app.entrypoint((payload) => ({ handled: payload }))
  const running = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  const act = async (action: unknown) => {
    const response = await fetch(`${running.url}/invocations`, { method: 'POST', body: JSON.stringify({ _agent_core_app_action: action }) })
    return [response.status, await response.json()]
  }
  const ping = async () => (await (await fetch(`${running.url}/ping`)).json()) as { status: string }
  return { app, act, ping }
}

it('tells the ping status and the running jobs, with what was given to them', async () => {
  const { app, act } = await acting({ debug: true })
  app.addAsyncTask('index', { batch: 100 })
  expect(await act('ping_status')).toEqual([200, { status: 'HealthyBusy', time_of_last_update: 5 }])
  expect(await act('job_status')).toEqual([200, { active_count: 1, running_jobs: [{ name: 'index', duration: 0, metadata: { batch: 100 } }] }])
})

it('forces the status and lets it go', async () => {
  const { act, ping } = await acting({ debug: true })
  expect(await act('force_busy')).toEqual([200, { forced_status: 'HealthyBusy' }])
  expect((await ping()).status).toBe('HealthyBusy')
  expect(await act('force_healthy')).toEqual([200, { forced_status: 'Healthy' }])
  expect(await act('clear_forced_status')).toEqual([200, { forced_status: 'Cleared' }])
  expect((await ping()).status).toBe('Healthy')
})

it('refuses an action that there is not, and names those that there are', async () => {
  const { act } = await acting({ debug: true })
  const [status, body] = await act('constructor')
  expect(status).toBe(400)
  expect(body).toEqual({ error: 'Unknown action: constructor', details: expect.stringContaining('force_busy') })
})

it('is an ordinary payload without debug', async () => {
  const { act, ping } = await acting({ debug: false })
  expect(await act('force_busy')).toEqual([200, { handled: { _agent_core_app_action: 'force_busy' } }])
  expect((await ping()).status).toBe('Healthy')
})

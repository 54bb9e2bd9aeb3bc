import { expect, it } from 'vitest'
import { pingState } from './ping.js'

function state() {
  const clock = { now: 1_000_000 }
  return { clock, ping: pingState({ now: () => clock.now, onHandlerFault: () => {} }) }
}

it('moves time_of_last_update when the status changes, not when it is asked for', async () => {
  const { clock, ping } = state()
  clock.now = 2_000_500
  expect(await ping.answer()).toEqual({ status: 'Healthy', time_of_last_update: 1_000 })
  const task = ping.add('a')
  clock.now = 3_000_000
  const second = ping.add('b')
  expect(await ping.answer()).toEqual({ status: 'HealthyBusy', time_of_last_update: 2_000 })
  ping.complete(task)
  clock.now = 4_000_000
  ping.complete(second)
  clock.now = 5_000_000
  expect(await ping.answer()).toEqual({ status: 'Healthy', time_of_last_update: 4_000 })
})

it('moves it for forced and handled changes too', async () => {
  const { clock, ping } = state()
  clock.now = 2_000_000
  ping.force('HealthyBusy')
  clock.now = 3_000_000
  expect(await ping.answer()).toEqual({ status: 'HealthyBusy', time_of_last_update: 2_000 })
  ping.force(undefined)
  ping.handleWith(() => 'HealthyBusy')
  expect(await ping.answer()).toEqual({ status: 'HealthyBusy', time_of_last_update: 3_000 })
})

it('takes an answer that is no status for a fault of the handler', async () => {
  const faults: unknown[] = []
  const ping = pingState({ now: () => 0, onHandlerFault: (error) => faults.push(error) })
  ping.handleWith(() => JSON.parse('"Sleepy"'))
  expect((await ping.answer()).status).toBe('Healthy')
  expect(faults).toHaveLength(1)
})

import { describe, expect, it } from 'vitest'
import { reasonToEnd } from './health.js'
import { type Health, healthAfter } from './ping.js'

const session = { instanceStartedAt: 0, lastActivityAt: 100_000, inFlight: 0, webSockets: 0, idleTimeoutMs: 900_000, maxLifetimeMs: 28_800_000 }
const healthy: Health = { status: 'Healthy', changedAt: 0, answeredAt: undefined, silentSince: undefined }
const ends = (health: Health, now: number, more: { inFlight?: number; webSockets?: number } = {}) => reasonToEnd({ ...session, ...more, health }, now)

describe('when a session ends by itself', () => {
  it('ends an idle session once its idle timeout has passed since the last invocation', () => {
    expect(ends(healthy, 999_999)).toBeUndefined()
    expect(ends(healthy, 1_000_000)).toBe('idle timeout reached')
  })

  it('keeps a session that says HealthyBusy past its idle timeout, and ends it at its maximum lifetime', () => {
    const busy: Health = { ...healthy, status: 'HealthyBusy' }
    expect(ends(busy, 20_000_000)).toBeUndefined()
    expect(ends(busy, 28_800_000)).toBe('maximum lifetime reached')
  })

  it('counts idleness from the last change of status when that is later than the last invocation', () => {
    expect(ends({ ...healthy, changedAt: 500_000 }, 1_300_000)).toBeUndefined()
    expect(ends({ ...healthy, changedAt: 500_000 }, 1_400_000)).toBe('idle timeout reached')
  })

  it('never ends a session for idleness or silence while a request is in flight', () => {
    expect(ends({ ...healthy, silentSince: 0 }, 10_000_000, { inFlight: 1 })).toBeUndefined()
  })

  it('takes an open WebSocket for use only while frames pass, and does not end its agent for a silence', () => {
    const open = { inFlight: 1, webSockets: 1 }
    expect(ends({ ...healthy, silentSince: 200_000 }, 999_999, open)).toBeUndefined()
    expect(ends(healthy, 1_000_000, open)).toBe('idle timeout reached')
    expect(ends(healthy, 1_000_000, { ...open, inFlight: 2 })).toBeUndefined()
  })

  it('ends a session whose agent has been silent for a minute', () => {
    expect(ends({ ...healthy, silentSince: 200_000 }, 259_999)).toBeUndefined()
    expect(ends({ ...healthy, silentSince: 200_000 }, 260_000)).toBe('the agent stopped answering')
  })
})

describe('what a ping says', () => {
  it('takes time_of_last_update, in seconds, as the time of the last change', () => {
    expect(healthAfter({ ...healthy, silentSince: 5 }, '{"status":"HealthyBusy","time_of_last_update":50}', 90_000)).toEqual({
      status: 'HealthyBusy',
      changedAt: 50_000,
      answeredAt: 90_000,
      silentSince: undefined,
    })
  })

  it('does not let a time in the future keep a session alive', () => {
    expect(healthAfter(healthy, '{"status":"Healthy","time_of_last_update":9999999999}', 90_000).changedAt).toBe(90_000)
  })

  it('keeps the time of change itself when the agent sends none', () => {
    const busy = healthAfter(healthy, '{"status":"HealthyBusy"}', 10_000)
    expect(busy.changedAt).toBe(10_000)
    expect(healthAfter(busy, '{"status":"HealthyBusy"}', 20_000).changedAt).toBe(10_000)
    expect(healthAfter(busy, '{"status":"Healthy"}', 30_000).changedAt).toBe(30_000)
  })

  it.each(['', 'no json', '[]', 'null', '{"status":5}'])('takes %j for Healthy, so that the session can idle out', (body) => {
    expect(healthAfter(healthy, body, 1).status).toBe('Healthy')
  })
})

import { describe, expect, it } from 'vitest'
import { AuthorizationTimedOut, tokenPoller } from './index.js'

/** Time that passes when it is waited for. */
function clock() {
  let at = 0
  const waits: number[] = []
  return {
    waits,
    now: () => at,
    async pause(ms: number, signal: AbortSignal | undefined) {
      signal?.throwIfAborted()
      waits.push(ms)
      at += ms
    },
  }
}

const pending = { authorizationUrl: 'https://login.example.com', sessionUri: 'urn:session' }

describe('the token poller', () => {
  it('waits five seconds before each question, and gives the first token', async () => {
    const time = clock()
    const answers = [undefined, undefined, 'the token']
    const token = await tokenPoller({ clock: time })({ ...pending, signal: undefined, ask: async () => answers.shift() })
    expect(token).toBe('the token')
    expect(time.waits).toEqual([5_000, 5_000, 5_000])
  })

  it('gives up after ten minutes', async () => {
    const time = clock()
    const waiting = tokenPoller({ clock: time })({ ...pending, signal: undefined, ask: async () => undefined })
    await expect(waiting).rejects.toBeInstanceOf(AuthorizationTimedOut)
    expect([time.now(), time.waits.length]).toEqual([600_000, 120])
  })

  it('asks a last time at the deadline, however the interval falls', async () => {
    const time = clock()
    const ask = async () => (time.now() === 1_000 ? 'just in time' : undefined)
    expect(await tokenPoller({ intervalMs: 700, timeoutMs: 1_000, clock: time })({ ...pending, signal: undefined, ask })).toBe('just in time')
    expect(time.waits).toEqual([700, 300])
  })

  it('ends with what the question ends with', async () => {
    const ask = () => Promise.reject(new Error('the session has failed'))
    await expect(tokenPoller({ clock: clock() })({ ...pending, signal: undefined, ask })).rejects.toThrow('the session has failed')
  })

  it('stops waiting when nobody waits any more, in real time too', async () => {
    const leaving = new AbortController()
    const ask = async () => {
      leaving.abort()
      return undefined
    }
    await expect(tokenPoller({ intervalMs: 1 })({ ...pending, signal: leaving.signal, ask })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

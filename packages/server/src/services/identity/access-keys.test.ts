import { describe, expect, it } from 'vitest'
import type { Caller } from '#kernel/context.js'
import { randomIds } from '#kernel/ids.js'
import { accessKeys, type SessionAccessKeys } from './access-keys.js'

const identity = {
  account: '000000000000',
  region: 'us-east-1',
  roleArn: 'arn:aws:iam::000000000000:role/R',
  agentRuntimeId: 'a-1',
  runtimeSessionId: 's',
  instanceId: 'i1',
}

function open() {
  let now = 0
  const clock = { now: () => now, after: () => () => undefined }
  const keys = accessKeys({ root: { accessKeyId: 'AKIAROOT', secretAccessKey: 'x' }, account: '000000000000', clock, ids: randomIds })
  return { keys, pass: (ms: number) => (now += ms) }
}

describe('credentials of a session', () => {
  it('are the same until they near their end, then new, and the old ones work until they expire', () => {
    const { keys, pass } = open()
    const { authorizationToken } = keys.lend(identity)
    const first = keys.credentials(authorizationToken)
    expect(keys.credentials(authorizationToken)).toEqual(first)
    pass(50 * 60_000)
    const second = keys.credentials(authorizationToken)
    expect(second?.AccessKeyId).not.toBe(first?.AccessKeyId)
    expect(keys.find(first?.AccessKeyId ?? '')?.caller.session?.instanceId).toBe('i1')
  })

  it('that a waiting instance was lent act as its session from its assignment on', () => {
    const { keys, pass } = open()
    const { authorizationToken } = keys.lend({ ...identity, runtimeSessionId: 'warm-i1' })
    const other = keys.lend({ ...identity, instanceId: 'i2', runtimeSessionId: 'warm-i2' })
    const [before, others] = [keys.credentials(authorizationToken), keys.credentials(other.authorizationToken)]
    keys.assign('i1', 's')
    pass(50 * 60_000)
    const after = keys.credentials(authorizationToken)
    for (const one of [before, after]) {
      expect(keys.find(one?.AccessKeyId ?? '')?.caller).toMatchObject({
        principalArn: 'arn:aws:sts::000000000000:assumed-role/R/a-1-s',
        session: { runtimeSessionId: 's', instanceId: 'i1' },
      })
    }
    expect(keys.find(others?.AccessKeyId ?? '')?.caller.session?.runtimeSessionId).toBe('warm-i2')
  })

  it('end with the session, all of them', () => {
    const { keys, pass } = open()
    const { authorizationToken } = keys.lend(identity)
    const first = keys.credentials(authorizationToken)
    pass(50 * 60_000)
    const second = keys.credentials(authorizationToken)
    keys.revoke('i1')
    expect(keys.find(first?.AccessKeyId ?? '')).toBeUndefined()
    expect(keys.find(second?.AccessKeyId ?? '')).toBeUndefined()
    expect(keys.credentials(authorizationToken)).toBeUndefined()
  })

  it('that the agent got for another role are its session’s too, and end with it', () => {
    const { keys } = open()
    keys.lend({ ...identity, runtimeSessionId: 'warm-i1' })
    const agent = { ...person, kind: 'session', session: { agentRuntimeId: 'a-1', runtimeSessionId: 'warm-i1', instanceId: 'i1' } } as const
    const [own, other] = [agent, person].map((takenBy) => take(keys, takenBy))
    keys.assign('i1', 's')
    expect(keys.find(own ?? '')?.caller).toMatchObject({ roleArn: role.roleArn, session: { instanceId: 'i1', runtimeSessionId: 's' } })
    keys.revoke('i1')
    expect(keys.find(own ?? '')).toBeUndefined()
    expect(keys.find(other ?? '')?.caller.roleArn).toBe(role.roleArn)
    // A call that was on its way when the session ended.
    expect(() => take(keys, agent)).toThrow('has ended')
  })

  it('that are taken in a loop end their taker’s oldest, and nobody else’s', () => {
    const { keys } = open()
    const [mine, first] = [take(keys, { ...person, principalArn: 'me' }), take(keys, person)]
    for (let taken = 0; taken < 1_000; taken++) take(keys, person)
    expect(keys.find(first)).toBeUndefined()
    expect(keys.find(mine)).toBeDefined()
  })

  it('are given to the session they are lent to, where it is known who asks', () => {
    const { keys } = open()
    const { authorizationToken } = keys.lend(identity)
    expect(keys.credentials(authorizationToken, 'i2')).toBeUndefined()
    expect(keys.credentials(authorizationToken, 'i1')).toEqual(keys.credentials(authorizationToken))
  })

  it('are given for a lent token only', () => {
    expect(open().keys.credentials('guess')).toBeUndefined()
  })
})

const role = {
  account: identity.account,
  roleArn: 'arn:aws:iam::000000000000:role/Other',
  roleId: 'AROAOTHER',
  principalArn: 'arn:aws:sts::000000000000:assumed-role/Other/x',
}
const person: Caller = { kind: 'user', account: identity.account, region: '*', accessKeyId: 'AKIA', principalArn: 'somebody' }
const take = (keys: SessionAccessKeys, takenBy: Caller) =>
  keys.assume({ ...role, seconds: 900, takenBy, sessionPolicies: undefined, sessionTags: undefined }).AccessKeyId

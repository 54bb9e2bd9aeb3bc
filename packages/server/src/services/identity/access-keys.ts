// Access keys: the root key of the installation, those that each running session is lent, and those that AssumeRole gives.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { AccessKey, AccessKeys } from '#ports/callers.js'

/** What AWS's container credential provider reads. */
export interface SessionCredentials {
  AccessKeyId: string
  SecretAccessKey: string
  Token: string
  Expiration: string
}

export interface SessionIdentity {
  account: string
  region: string
  roleArn: string
  agentRuntimeId: string
  runtimeSessionId: string
  instanceId: string
}

/** What AssumeRole gives. */
export interface AssumedSession {
  account: string
  roleArn: string
  roleId: string
  principalArn: string
  seconds: number
  /** An agent that takes another role acts from within its session still, and no longer than that lasts. */
  takenBy: Caller
  sessionPolicies: Caller['sessionPolicies']
  sessionTags: Caller['sessionTags']
}

export interface SessionAccessKeys extends AccessKeys {
  /** Opens the credential endpoint of one session; the token is what the agent sends there. */
  lend(identity: SessionIdentity): { authorizationToken: string }
  /** The current credentials behind a token, renewed before they run out; `undefined` for a token that is not lent, or not to `instanceId` where that is given. */
  credentials(authorizationToken: string, instanceId?: string): SessionCredentials | undefined
  /** The instance works for this session from now on: what was lent to it before, and is lent to it later, acts as the session. */
  assign(instanceId: string, runtimeSessionId: string): void
  /** Temporary credentials of a role. */
  assume(session: AssumedSession): SessionCredentials
  /** Everything lent to the session ends now. */
  revoke(instanceId: string): void
}

const lifetimeMs = 60 * 60_000
/** AWS SDKs refresh when less than five minutes are left; renewing earlier gives them no gap. */
const renewBeforeMs = 15 * 60_000
/** Of one user, role or session: who assumes roles in a loop ends its own oldest credentials, and does not fill the memory. */
const mostAssumed = 1_000

interface Lent {
  identity: SessionIdentity
  keyIds: string[]
}

export function accessKeys(options: {
  root: { accessKeyId: string; secretAccessKey: string }
  account: string
  clock: Clock
  ids: Ids
  /** Keys that are kept elsewhere. */
  users?: AccessKeys
  /** The ids of roles that are there: what was taken of another is nobody's any more. */
  roleIdOf?: (roleArn: string) => string | undefined
}): SessionAccessKeys {
  const { root, account, clock, ids, users, roleIdOf } = options
  const rootCaller: Caller = { kind: 'root', account, region: '*', accessKeyId: root.accessKeyId, principalArn: `arn:aws:iam::${account}:root` }
  const keys = new Map<string, AccessKey>([[root.accessKeyId, { caller: rootCaller, secretAccessKey: root.secretAccessKey }]])
  const lentByToken = new Map<string, Lent>()
  /** By who took them. */
  const assumed = new Map<string, string[]>()

  function issue(lent: Lent): AccessKey {
    const accessKeyId = `ASIA${ids.alphanumeric(16).toUpperCase()}`
    const key: AccessKey = {
      caller: sessionCaller(lent.identity, accessKeyId),
      secretAccessKey: ids.secret(30),
      sessionToken: ids.secret(48),
      expiresAt: clock.now() + lifetimeMs,
    }
    keys.set(accessKeyId, key)
    lent.keyIds.push(accessKeyId)
    return key
  }

  function current(lent: Lent): AccessKey {
    const newest = keys.get(lent.keyIds.at(-1) ?? '')
    if (newest?.expiresAt !== undefined && newest.expiresAt - clock.now() > renewBeforeMs) return newest
    forgetExpired(lent)
    return issue(lent)
  }

  function forgetExpired(lent: Lent) {
    lent.keyIds = lent.keyIds.filter((id) => {
      const alive = (keys.get(id)?.expiresAt ?? 0) > clock.now()
      if (!alive) keys.delete(id)
      return alive
    })
  }

  /** In order of issue, and near enough in order of their ends; each call drops what has ended at the front. */
  function forgetAssumed(taker: string): string[] {
    const taken = assumed.get(taker) ?? []
    assumed.set(taker, taken)
    while (taken.length > 0) {
      const oldest = taken[0] ?? ''
      if ((keys.get(oldest)?.expiresAt ?? 0) > clock.now() && taken.length < mostAssumed) break
      keys.delete(oldest)
      taken.shift()
    }
    return taken
  }

  function found(accessKeyId: string): AccessKey | undefined {
    const key = keys.get(accessKeyId) ?? users?.find(accessKeyId)
    const { roleArn = '', roleId } = key?.caller ?? {}
    return roleId === undefined || roleIdOf === undefined || roleIdOf(roleArn) === roleId ? key : undefined
  }

  return {
    find: found,

    lend(identity) {
      const authorizationToken = ids.secret(32)
      lentByToken.set(authorizationToken, { identity, keyIds: [] })
      return { authorizationToken }
    },

    credentials(authorizationToken, instanceId) {
      const lent = lentByToken.get(authorizationToken)
      if (!lent || (instanceId !== undefined && lent.identity.instanceId !== instanceId)) return undefined
      return presented(current(lent))
    },

    assign(instanceId, runtimeSessionId) {
      for (const lent of lentByToken.values()) {
        if (lent.identity.instanceId !== instanceId) continue
        lent.identity = { ...lent.identity, runtimeSessionId }
        for (const id of lent.keyIds) {
          const key = keys.get(id)
          if (key) keys.set(id, { ...key, caller: sessionCaller(lent.identity, id) })
        }
      }
      for (const id of assumed.get(instanceId) ?? []) {
        const key = keys.get(id)
        if (key?.caller.session) keys.set(id, { ...key, caller: { ...key.caller, session: { ...key.caller.session, runtimeSessionId } } })
      }
    },

    assume({ account, roleArn, roleId, principalArn, seconds, takenBy, sessionPolicies, sessionTags }) {
      const { session } = takenBy
      // The call may have been on its way when its session ended: what it takes now, nobody would take back.
      if (session && ![...lentByToken.values()].some(({ identity }) => identity.instanceId === session.instanceId))
        throw new ServiceError('ExpiredTokenException', 'The session of these credentials has ended.')
      const taken = forgetAssumed(takerOf(takenBy))
      const accessKeyId = `ASIA${ids.alphanumeric(16).toUpperCase()}`
      const key: AccessKey = {
        caller: { kind: 'session', account, region: '*', accessKeyId, principalArn, roleArn, roleId, session, sessionPolicies, sessionTags },
        secretAccessKey: ids.secret(30),
        sessionToken: ids.secret(48),
        expiresAt: clock.now() + seconds * 1000,
      }
      keys.set(accessKeyId, key)
      taken.push(accessKeyId)
      return presented(key)
    },

    revoke(instanceId) {
      for (const [token, lent] of lentByToken) {
        if (lent.identity.instanceId !== instanceId) continue
        for (const id of lent.keyIds) keys.delete(id)
        lentByToken.delete(token)
      }
      for (const id of assumed.get(instanceId) ?? []) keys.delete(id)
      assumed.delete(instanceId)
    },
  }
}

/** Not the session's name, which its taker chooses. */
function takerOf({ session, roleArn, principalArn }: Caller): string {
  return session?.instanceId ?? roleArn ?? principalArn
}

function presented({ caller, secretAccessKey, sessionToken, expiresAt }: AccessKey): SessionCredentials {
  return {
    AccessKeyId: caller.accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken ?? '',
    Expiration: new Date(expiresAt ?? 0).toISOString(),
  }
}

function sessionCaller(identity: SessionIdentity, accessKeyId: string): Caller {
  const { account, region, roleArn, agentRuntimeId, runtimeSessionId, instanceId } = identity
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1)
  return {
    kind: 'session',
    account,
    region,
    accessKeyId,
    principalArn: `arn:aws:sts::${account}:assumed-role/${role}/${agentRuntimeId}-${runtimeSessionId}`.slice(0, 2048),
    roleArn,
    session: { agentRuntimeId, runtimeSessionId, instanceId },
  }
}

// Access keys: the root key of the installation, those that each running session is lent, and those that AssumeRole gives.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
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
  principalArn: string
  seconds: number
  /** An agent that takes another role acts from within its session still, and no longer than that lasts. */
  session: Caller['session']
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
/** A caller that assumes roles in a loop ends its own oldest credentials, and does not fill the memory. */
const mostAssumed = 10_000

interface Lent {
  identity: SessionIdentity
  keyIds: string[]
  /** Keys of other roles that the agent took. */
  assumed: string[]
}

export function accessKeys(options: {
  root: { accessKeyId: string; secretAccessKey: string }
  account: string
  clock: Clock
  ids: Ids
  /** Keys that are kept elsewhere. */
  users?: AccessKeys
}): SessionAccessKeys {
  const { root, account, clock, ids, users } = options
  const rootCaller: Caller = { kind: 'root', account, region: '*', accessKeyId: root.accessKeyId, principalArn: `arn:aws:iam::${account}:root` }
  const keys = new Map<string, AccessKey>([[root.accessKeyId, { caller: rootCaller, secretAccessKey: root.secretAccessKey }]])
  const lentByToken = new Map<string, Lent>()
  const assumed: string[] = []

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

  const lentTo = (instanceId: string) => [...lentByToken.values()].find(({ identity }) => identity.instanceId === instanceId)

  /** In order of issue, and near enough in order of their ends; each call drops what has ended at the front. */
  function forgetAssumed() {
    while (assumed.length > 0) {
      const oldest = assumed[0] ?? ''
      if ((keys.get(oldest)?.expiresAt ?? 0) > clock.now() && assumed.length < mostAssumed) break
      keys.delete(oldest)
      assumed.shift()
    }
  }

  return {
    find: (accessKeyId) => keys.get(accessKeyId) ?? users?.find(accessKeyId),

    lend(identity) {
      const authorizationToken = ids.secret(32)
      lentByToken.set(authorizationToken, { identity, keyIds: [], assumed: [] })
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
        for (const id of lent.assumed) {
          const key = keys.get(id)
          if (key?.caller.session) keys.set(id, { ...key, caller: { ...key.caller, session: { ...key.caller.session, runtimeSessionId } } })
        }
      }
    },

    assume({ account, roleArn, principalArn, seconds, session, sessionPolicies, sessionTags }) {
      forgetAssumed()
      const accessKeyId = `ASIA${ids.alphanumeric(16).toUpperCase()}`
      const key: AccessKey = {
        caller: { kind: 'session', account, region: '*', accessKeyId, principalArn, roleArn, session, sessionPolicies, sessionTags },
        secretAccessKey: ids.secret(30),
        sessionToken: ids.secret(48),
        expiresAt: clock.now() + seconds * 1000,
      }
      keys.set(accessKeyId, key)
      assumed.push(accessKeyId)
      if (session) lentTo(session.instanceId)?.assumed.push(accessKeyId)
      return presented(key)
    },

    revoke(instanceId) {
      for (const [token, lent] of lentByToken) {
        if (lent.identity.instanceId !== instanceId) continue
        for (const id of [...lent.keyIds, ...lent.assumed]) keys.delete(id)
        lentByToken.delete(token)
      }
    },
  }
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

// Callers of runtimes that have a JWT authorizer (developer guide: runtime-oauth). Which authorizer is asked, the called endpoint's
// version says.
import { hash } from 'node:crypto'
import { parseArn } from '#kernel/arn.js'
import type { Caller } from '#kernel/context.js'
import { accessDenied, invalid, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { type BearerCall, type Bearers, Unauthenticated } from '#ports/bearers.js'
import type { Reader } from '#ports/store.js'
import type { JwtAuthorizer, JwtUser, JwtVerifier } from '#services/identity/index.js'
import { defaultEndpoint, runtimeArn, type VersionDocument } from './documents.js'
import { findEndpoint, findRuntime, findVersion } from './find.js'
import { runtimeIdOf } from './target.js'

export interface BearerWorld {
  store: Reader
  jwtVerifier: JwtVerifier
  /** Where a runtime is that is called by its id alone. */
  home: Scope
}

export interface ProtectedRuntime {
  scope: Scope
  agentRuntimeId: string
  qualifier: string
  authorizer: JwtAuthorizer
}

const userIdHeader = 'x-amzn-bedrock-agentcore-runtime-user-id'

export function bearerCallers({ store, jwtVerifier, home }: BearerWorld): Bearers {
  return {
    async authenticate({ label, query, headers, token }) {
      const called = await protectedRuntime(store, { label, qualifier: query.get('qualifier') ?? undefined, home })
      if (!called && token === undefined) throw unsigned()
      if (!called) throw otherMethod('no runtime of that name takes bearer tokens')
      const metadataPath = metadataPathOf(called)
      if (token === undefined) throw new Unauthenticated('Missing Authentication Token', metadataPath)
      if (headers[userIdHeader] !== undefined || [...query.keys()].some((name) => name.toLowerCase() === userIdHeader))
        throw invalid(
          'X-Amzn-Bedrock-AgentCore-Runtime-User-Id',
          'is for signed requests: the user of a bearer token is its iss and sub; leave it out',
        )
      try {
        return callerOf(called, await jwtVerifier.verify(called.authorizer, token))
      } catch (fault) {
        const isAboutToken = fault instanceof ServiceError && fault.code === 'UnauthorizedException'
        throw isAboutToken ? new Unauthenticated(fault.message, metadataPath, { cause: fault }) : fault
      }
    },
  }
}

/** `undefined`: there is none, or its callers sign. Which of both, strangers are not told. */
export async function protectedRuntime(
  store: Reader,
  { label, qualifier = defaultEndpoint, home }: Pick<BearerCall, 'label'> & { qualifier: string | undefined; home: Scope },
): Promise<ProtectedRuntime | undefined> {
  const scope = scopeOf(label, home)
  try {
    const agentRuntimeId = runtimeIdOf(scope, label, undefined)
    const authorizer = (await calledVersion(store, scope, agentRuntimeId, qualifier))?.jwtAuthorizer
    return authorizer && { scope, agentRuntimeId, qualifier, authorizer }
  } catch (fault) {
    if (fault instanceof ServiceError) return undefined
    throw fault
  }
}

/** An endpoint that is missing or serves nothing yet: who may hear of that, the newest version says. */
export async function calledVersion(store: Reader, scope: Scope, agentRuntimeId: string, qualifier: string): Promise<VersionDocument | undefined> {
  const { latestVersion, deleting } = await findRuntime(store, scope, agentRuntimeId)
  if (deleting) return undefined
  const endpoint = await findEndpoint(store, scope, agentRuntimeId, qualifier).catch(() => undefined)
  return findVersion(store, scope, agentRuntimeId, endpoint?.liveVersion ?? latestVersion)
}

/** A label that is an ARN says where the runtime is. */
export function scopeOf(label: string, home: Scope): Scope {
  const arn = parseArn(label)
  return arn ? { account: arn.account, region: arn.region } : home
}

/** Throws AWS's refusal for a caller who signed where a token is asked for, and the reverse. */
export function checkMethod({ kind }: Caller, { jwtAuthorizer }: VersionDocument): void {
  if ((kind === 'jwt') === (jwtAuthorizer !== undefined)) return
  throw otherMethod(jwtAuthorizer ? 'this runtime takes bearer tokens of its JWT authorizer' : 'this runtime takes signed requests')
}

function metadataPathOf({ scope, agentRuntimeId, qualifier }: Omit<ProtectedRuntime, 'authorizer'>): string {
  return `${resourcePathOf({ scope, agentRuntimeId })}/.well-known/oauth-protected-resource?qualifier=${encodeURIComponent(qualifier)}`
}

export function resourcePathOf({ scope, agentRuntimeId }: Pick<ProtectedRuntime, 'scope' | 'agentRuntimeId'>): string {
  return `/runtimes/${encodeURIComponent(runtimeArn(scope, agentRuntimeId))}/invocations`
}

function callerOf({ scope: { account, region } }: ProtectedRuntime, user: JwtUser): Caller {
  const { issuer, subject } = user
  return {
    kind: 'jwt',
    account,
    region,
    // What bodies in memory are counted by: each user has a share.
    accessKeyId: `JWT${hash('sha256', JSON.stringify([issuer, subject])).slice(0, 17)}`,
    // Shown on terminals, by `audit`: a subject is whatever its issuer lets it be.
    principalArn: `${issuer}#${subject.replace(/\p{Cc}/gu, encodeURIComponent)}`,
    jwt: user,
  }
}

const unsigned = () =>
  new ServiceError(
    'MissingAuthenticationTokenException',
    'The request is not signed. Sign it with AWS Signature Version 4; `agentworks env` prints the keys.',
  )

/** AWS's words, and which of both it is. */
const otherMethod = (which: string) =>
  accessDenied(
    `Authorization method mismatch. The agent is configured for a different authorization method than what was used in your request. Check the agent's authorization configuration and ensure your request uses the matching method (OAuth or SigV4): ${which}.`,
  )

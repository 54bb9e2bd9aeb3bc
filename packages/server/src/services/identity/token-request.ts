// One call of GetResourceOauth2Token, read and checked, and the parameters that all flows send alike.
import type { GetResourceOauth2TokenRequest } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import type { OauthParameters } from '#ports/oauth-client.js'
import type { JwtSubject } from './oauth-party.js'
import type { OnlyOnce } from './only-once.js'
import type { Oauth2ProviderSettings } from './provider-settings.js'
import type { readWorkloadToken } from './workload-tokens.js'

export interface TokenRequest {
  ctx: Context
  input: GetResourceOauth2TokenRequest
  claims: Awaited<ReturnType<typeof readWorkloadToken>>
  provider: Oauth2ProviderSettings
  /** When the client or the actor is known by a JWT of the platform. */
  subject: JwtSubject
  once: OnlyOnce
}

/** RFC 6749, 8707 and 8693; the caller's own parameters come last. */
export function grantParameters({ scopes, resources = [], audiences = [], customParameters = {} }: GetResourceOauth2TokenRequest): OauthParameters {
  return [...scopeParameter(scopes), ...targetParameters({ resources, audiences }), ...Object.entries(customParameters)]
}

export function targetParameters({
  resources = [],
  audiences = [],
}: Pick<GetResourceOauth2TokenRequest, 'resources' | 'audiences'>): OauthParameters {
  return [...resources.map((resource) => ['resource', resource] as const), ...audiences.map((audience) => ['audience', audience] as const)]
}

/** None asked for: the server's own default, which an empty parameter is not. */
export function scopeParameter(scopes: readonly string[]): OauthParameters {
  return scopes.length > 0 ? [['scope', scopes.join(' ')]] : []
}

/** What beside owner and scopes decides which token it is. */
export function askedFor({ resources = [], audiences = [] }: GetResourceOauth2TokenRequest): readonly unknown[] {
  return [[...resources].sort(), [...audiences].sort()]
}

export function askedWithParameters(input: GetResourceOauth2TokenRequest): readonly unknown[] {
  return [...askedFor(input), Object.entries(input.customParameters ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))]
}

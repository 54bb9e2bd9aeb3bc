// What the owner asks of issuers and tokens: `identity check` and `identity explain`. Tokens come in a body and go nowhere.
import { ServiceError } from '#kernel/errors.js'
import { IssuerUnavailable, type JwtVerifier, type TokenCheck } from '#services/identity/index.js'
import type { AnyRequest } from '#wire/server.js'
import { stringBody } from './string-body.js'

export interface TokenCheckPorts {
  inspect: JwtVerifier['inspect']
  /** `undefined`: no runtime of that name takes bearer tokens. */
  explain(asked: { label: string; qualifier: string | undefined; token: string }): Promise<TokenCheck[] | undefined>
  clock: { now(): number }
}

export interface IssuerView {
  status: number
  issuer: string
  jwksUri: string
  keys: readonly { kid?: string; alg?: string; kty?: string }[]
  /** Of the provider's clock from ours; absent when it does not tell its time. */
  clockDifferenceSeconds?: number
}

export async function checkIssuer({ inspect, clock }: TokenCheckPorts, request: AnyRequest): Promise<IssuerView> {
  const { discoveryUrl = '' } = await stringBody(request)
  if (!URL.canParse(discoveryUrl)) throw refused('That is no URL; a discovery document is at https://ISSUER/.well-known/openid-configuration.')
  try {
    const { status, issuer, jwksUri, keys, headers } = await inspect(discoveryUrl)
    const theirs = Date.parse(headers.date ?? '')
    const difference = Number.isNaN(theirs) ? {} : { clockDifferenceSeconds: Math.round((theirs - clock.now()) / 1000) }
    return { status, issuer, jwksUri, keys: keys.keys, ...difference }
  } catch (fault) {
    if (fault instanceof IssuerUnavailable) throw refused(fault.message)
    throw fault
  }
}

export async function explainToken({ explain }: TokenCheckPorts, request: AnyRequest): Promise<{ accepted: boolean; checks: TokenCheck[] }> {
  const { agentRuntimeArn: label = '', qualifier, token = '' } = await stringBody(request)
  const checks = await explain({ label, qualifier, token })
  if (!checks) throw refused('That runtime has no JWT authorizer: its callers sign their requests.')
  return { accepted: checks.every(({ holds }) => holds), checks }
}

const refused = (message: string) => new ServiceError('ValidationException', message)

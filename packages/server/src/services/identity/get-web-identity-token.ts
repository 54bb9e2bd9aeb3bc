// sts GetWebIdentityToken: a JWT that says who the caller is, for services outside that trust this platform's issuer.
import type { Clock } from '#kernel/clock.js'
import type { Caller, Context } from '#kernel/context.js'
import { invalid, ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import { listOf, type QueryParameters, wholeNumber } from '#kernel/query.js'
import type { Scope } from '#kernel/scope.js'
import type { AccessKeys, Authorizer, ConditionFacts } from '#ports/callers.js'
import type { SigningAlgorithm } from '#ports/token-signer.js'
import type { IssuerKeys } from './issuer-keys.js'
import { webIdentityLimits as limits } from './limits.js'

export interface WebIdentityPorts {
  keys: Pick<IssuerKeys, 'signerFor'>
  accessKeys: AccessKeys
  authorizer: Authorizer
  /** Of the user or role that calls. */
  tagsOf(caller: Caller): Readonly<Record<string, string>>
  /** Known once the platform listens. */
  issuer: () => string
  clock: Pick<Clock, 'now'>
  ids: Pick<Ids, 'uuid'>
}

/** The name under which AWS puts all claims of its own. */
export const awsClaims = 'https://sts.amazonaws.com/'

/** What policies name: the caller's own identity in the account. */
export const webIdentityResource = ({ account }: Pick<Scope, 'account'>) => `arn:aws:sts::${account}:self`

/** IAM user guide, condition keys of AWS STS: policies pin audience, life and algorithm by these. */
export function webIdentityConditions(parameters: QueryParameters): ConditionFacts {
  const tags = listOf(parameters, 'Tags')
  return {
    'sts:IdentityTokenAudience': listOf(parameters, 'Audience').map((member) => member[''] ?? ''),
    'sts:DurationSeconds': parameters.get('DurationSeconds') ?? String(limits.durationSeconds.usual),
    'sts:SigningAlgorithm': parameters.get('SigningAlgorithm'),
    'aws:TagKeys': tags.length > 0 ? tags.map(({ Key = '' }) => Key) : undefined,
    ...Object.fromEntries(tags.map(({ Key = '', Value }) => [`aws:RequestTag/${Key}`, Value])),
  }
}

export function getWebIdentityToken({ keys, accessKeys, authorizer, tagsOf, issuer, clock, ids }: WebIdentityPorts) {
  return async (context: Context, parameters: QueryParameters): Promise<{ WebIdentityToken: string; Expiration: string }> => {
    const { caller, account, region, conditions } = context
    const audiences = readAudiences(parameters)
    const algorithm = readAlgorithm(parameters)
    const seconds = readDuration(parameters)
    const tags = readTags(parameters)
    // Whoever may name tags may say anything in them, so that is a permission of its own.
    if (Object.keys(tags).length > 0) authorizer.authorize(caller, 'sts:TagGetWebIdentityToken', webIdentityResource(context), { conditions })
    const principalTags = tagsOf(caller)
    const iat = Math.floor(clock.now() / 1000)
    const endsAt = accessKeys.find(caller.accessKeyId)?.expiresAt
    refuseLongerThanSession(iat + seconds, endsAt)
    const claims = {
      iss: issuer(),
      aud: audiences.length === 1 ? audiences[0] : audiences,
      sub: subject(caller),
      iat,
      exp: iat + seconds,
      jti: ids.uuid(),
      [awsClaims]: {
        aws_account: account,
        source_region: region,
        ...(endsAt === undefined ? {} : { original_session_exp: new Date(endsAt).toISOString() }),
        ...(Object.keys(principalTags).length > 0 ? { principal_tags: principalTags } : {}),
        ...(Object.keys(tags).length > 0 ? { request_tags: tags } : {}),
      },
    }
    refuseTooLarge(claims)
    const sign = await keys.signerFor(algorithm)
    return { WebIdentityToken: await sign(claims), Expiration: new Date(claims.exp * 1000).toISOString() }
  }
}

/** The role itself, not the session of it: what is outside trusts roles (IAM guide, outbound token claims). */
function subject({ roleArn, principalArn }: Caller): string {
  return roleArn ?? principalArn
}

function readAudiences(parameters: QueryParameters): string[] {
  const audiences = listOf(parameters, 'Audience').map((member) => member[''] ?? '')
  if (audiences.length === 0) throw invalid('Audience', 'is required: 1 to 10 names of services that may take the token')
  if (audiences.length > limits.audiences) throw invalid('Audience', `has ${audiences.length} members; at most ${limits.audiences}`)
  for (const one of audiences) {
    if (one.length < 1 || one.length > limits.audienceCharacters)
      throw invalid('Audience', `has a member of ${one.length} characters; each has 1 to ${limits.audienceCharacters}`)
  }
  return audiences
}

function readAlgorithm(parameters: QueryParameters): SigningAlgorithm {
  const algorithm = parameters.get('SigningAlgorithm')
  if (algorithm === 'RS256' || algorithm === 'ES384') return algorithm
  throw invalid('SigningAlgorithm', 'is required: RS256 or ES384')
}

function readDuration(parameters: QueryParameters): number {
  const { least, most, usual } = limits.durationSeconds
  return wholeNumber(parameters, 'DurationSeconds', [least, most]) ?? usual
}

const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

function readTags(parameters: QueryParameters): Record<string, string> {
  const members = listOf(parameters, 'Tags')
  if (members.length > limits.tags) throw invalid('Tags', `has ${members.length} members; at most ${limits.tags}`)
  const tags = new Map<string, string>()
  for (const [index, { Key: key = '', Value: value }] of members.entries()) {
    const member = `Tags.member.${index + 1}`
    if (key.length < 1 || key.length > limits.tagKeyCharacters || !tagText.test(key))
      throw invalid(`${member}.Key`, `must have 1 to ${limits.tagKeyCharacters} letters, digits, spaces or _.:/=+-@`)
    if (value === undefined || value.length > limits.tagValueCharacters || !tagText.test(value))
      throw invalid(`${member}.Value`, `must have 0 to ${limits.tagValueCharacters} letters, digits, spaces or _.:/=+-@`)
    if (tags.has(key)) throw invalid(`${member}.Key`, `"${key}" stands twice; each key may stand once`)
    tags.set(key, value)
  }
  return Object.fromEntries(tags)
}

/** Credentials for an hour must not become an identity for longer. */
function refuseLongerThanSession(exp: number, endsAt: number | undefined): void {
  if (endsAt === undefined || exp * 1000 <= endsAt) return
  throw new ServiceError(
    'SessionDurationEscalationException',
    `DurationSeconds: the token would outlive the credentials that ask for it, which end at ${new Date(endsAt).toISOString()}. Ask for less.`,
  )
}

function refuseTooLarge(claims: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(claims))
  if (bytes <= limits.payloadBytes) return
  throw new ServiceError(
    'JWTPayloadSizeExceededException',
    `Tags, Audience: the token would have a payload of ${bytes} bytes; at most ${limits.payloadBytes}. Send fewer or shorter ones.`,
  )
}

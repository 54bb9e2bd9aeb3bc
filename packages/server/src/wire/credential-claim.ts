// Who the request says it is from and for which service. Nothing here is believed yet.
import type { WireRequest } from './exchange.js'
import { RequestRefused } from './sigv4-refusals.js'

export interface CredentialClaim {
  kind: 'signature'
  accessKeyId: string
  /** yyyymmdd of the credential scope. */
  day: string
  region: string
  service: string
  signedHeaders: readonly string[]
  signature: string
  /** yyyymmddThhmmssZ: x-amz-date or X-Amz-Date. */
  amzDate: string
  sessionToken: string | undefined
  /** Presigned: from the query string; seconds the URL is good for. */
  presigned: { expiresSeconds: number } | undefined
}

const algorithm = 'AWS4-HMAC-SHA256'

/** `undefined`: the request carries no credentials at all. Throws IncompleteSignatureException for half of them. */
export function readCredentialClaim(request: WireRequest): CredentialClaim | 'bearer' | undefined {
  const { authorization } = request.headers
  const inQuery = /(?:^|&)X-Amz-(?:Algorithm|Signature|Credential)=/.test(request.rawQuery)
  if (authorization === undefined) {
    if (/(?:^|&)AWSAccessKeyId=/.test(request.rawQuery)) throw signatureVersion2()
    return inQuery ? fromQuery(request.rawQuery) : undefined
  }
  if (inQuery) throw malformed('The request is signed twice, in its Authorization header and in its query. Keep one.')
  if (/^bearer( |$)/i.test(authorization)) return 'bearer'
  if (!authorization.startsWith(`${algorithm} `)) throw unsupported(authorization.split(' ', 1)[0] ?? '')
  return fromHeader(authorization, request)
}

function fromHeader(authorization: string, request: WireRequest): CredentialClaim {
  const credential = parameter(authorization, 'Credential=')
  const signedHeaders = parameter(authorization, 'SignedHeaders=')
  const signature = parameter(authorization, 'Signature=')
  const amzDate = single(request.headers['x-amz-date'])
  const missing: string[] = []
  if (!credential) missing.push("Authorization header requires 'Credential' parameter.")
  if (!signature) missing.push("Authorization header requires 'Signature' parameter.")
  if (!signedHeaders) missing.push("Authorization header requires 'SignedHeaders' parameter.")
  if (!amzDate) missing.push("Authorization header requires existence of an 'X-Amz-Date' header.")
  if (!credential || !signature || !signedHeaders || !amzDate) throw malformed(missing.join(' '))
  const sessionToken = single(request.headers['x-amz-security-token'])
  return claim({ credential, signedHeaders, signature, amzDate, sessionToken, presigned: undefined })
}

function fromQuery(rawQuery: string): CredentialClaim {
  const query = new URLSearchParams(rawQuery)
  const stated = query.get('X-Amz-Algorithm')
  if (stated !== algorithm) throw unsupported(stated ?? '')
  const names = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Signature'] as const
  const [credential, amzDate, expires, signedHeaders, signature] = names.map((name) => query.get(name) ?? '')
  if (!credential || !amzDate || !expires || !signedHeaders || !signature) {
    throw malformed(`The presigned URL lacks ${names.filter((name) => !query.get(name)).join(', ')}.`)
  }
  if (!/^\d{1,9}$/.test(expires)) throw malformed('X-Amz-Expires must be a number of seconds.')
  const sessionToken = query.get('X-Amz-Security-Token') ?? undefined
  return claim({ credential, signedHeaders, signature, amzDate, sessionToken, presigned: { expiresSeconds: Number(expires) } })
}

interface ClaimParts {
  credential: string
  signedHeaders: string
  signature: string
  amzDate: string
  sessionToken: string | undefined
  presigned: CredentialClaim['presigned']
}

function claim({ credential, signedHeaders, signature, amzDate, sessionToken, presigned }: ClaimParts): CredentialClaim {
  const parts = credential.split('/')
  const [accessKeyId = '', day = '', region = '', service = '', terminator] = parts
  // The names go into paths of errors, caches and rows: only what AWS itself uses in them passes.
  const wellFormed = /^\w{1,128}$/.test(accessKeyId) && /^\d{8}$/.test(day) && /^[a-z0-9-]{1,64}$/.test(region) && /^[a-z0-9-]{1,64}$/i.test(service)
  if (parts.length !== 5 || terminator !== 'aws4_request' || !wellFormed) {
    throw malformed(
      `Credential must have the form access-key-id/yyyymmdd/region/service/aws4_request${presigned ? '' : ' in the Authorization header'}.`,
    )
  }
  if (!/^\d{8}T\d{6}Z$/.test(amzDate)) throw malformed('X-Amz-Date must have the form yyyymmddThhmmssZ.')
  if (!/^[0-9a-f]{64}$/.test(signature)) throw malformed('Signature must be 64 lower-case hexadecimal digits.')
  return {
    kind: 'signature',
    accessKeyId,
    day,
    region,
    service,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    amzDate,
    sessionToken,
    presigned,
  }
}

/** The value after `name`, up to the next comma or space. */
function parameter(authorization: string, name: string): string {
  // A separator goes in front, so that `Signature=` is not found inside another name.
  let at = authorization.indexOf(` ${name}`)
  if (at < 0) at = authorization.indexOf(`,${name}`)
  if (at < 0) return ''
  const start = at + 1 + name.length
  let end = start
  while (end < authorization.length && authorization[end] !== ',' && authorization[end] !== ' ') end += 1
  return authorization.slice(start, end)
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value
}

function malformed(message: string): RequestRefused {
  return new RequestRefused('malformed-authorization', message)
}

/** What boto3 makes of generate_presigned_url in us-east-1 unless it is told otherwise. */
function signatureVersion2(): RequestRefused {
  return new RequestRefused(
    'unsupported-algorithm',
    "The URL is presigned with Signature Version 2, which is not supported. Use Signature Version 4; in boto3: Config(signature_version='s3v4').",
  )
}

function unsupported(stated: string): RequestRefused {
  const shown = /^[\w-]{1,40}$/.test(stated) ? stated : 'the one stated'
  return new RequestRefused('unsupported-algorithm', `Unsupported signing algorithm: ${shown}. Please use ${algorithm}.`)
}

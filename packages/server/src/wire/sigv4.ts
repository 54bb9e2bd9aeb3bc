// AWS Signature Version 4, checked. In two parts, since the body is read in between: `admit` says everything that the
// head alone can tell, `verify` needs the hash of the body.
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import type { AccessKey, AccessKeys } from '#ports/callers.js'
import type { CredentialClaim } from './credential-claim.js'
import type { WireRequest } from './exchange.js'
import { canonicalRequest } from './sigv4-canonical.js'
import { signingKeys } from './sigv4-keys.js'
import { RequestRefused } from './sigv4-refusals.js'

/** A claim whose key exists and whose dates hold; its signature is still to be verified. */
export interface Admitted {
  claim: CredentialClaim
  key: AccessKey
  request: WireRequest
}

export type SignatureVerifier = ReturnType<typeof signatureVerifier>

const skewMs = 5 * 60_000

export function signatureVerifier({ keys, clock }: { keys: AccessKeys; clock: Clock }) {
  const signingKey = signingKeys()

  function sign(admitted: Admitted, textToSign: string): string {
    return createHmac('sha256', signingKey(admitted.claim, admitted.key)).update(textToSign).digest('hex')
  }

  return {
    /** Key, token, dates, scope and which headers are signed. Throws RequestRefused. */
    admit(claim: CredentialClaim, request: WireRequest): Admitted {
      const key = keys.find(claim.accessKeyId)
      if (!key) throw new RequestRefused('unknown-key', 'The security token included in the request is invalid.', { detail: 'unknown access key id' })
      checkDates(claim, clock.now())
      checkToken(claim, key, clock.now())
      checkSignedHeaders(claim, request)
      return { claim, key, request }
    },

    /** Throws InvalidSignatureException unless the signature covers exactly this request with this payload hash. */
    verify(admitted: Admitted, payloadHash: string): void {
      const { claim, request } = admitted
      for (const host of hosts(request)) {
        const { method, rawPath, rawQuery, headers, rawHeaders } = request
        const pathAsSent = claim.service === 's3'
        const canonical = canonicalRequest({
          method,
          rawPath,
          rawQuery,
          signedHeaders: claim.signedHeaders,
          headers,
          rawHeaders,
          host,
          payloadHash,
          pathAsSent,
        })
        const text = `AWS4-HMAC-SHA256\n${claim.amzDate}\n${scopeOf(claim)}\n${hash('sha256', canonical)}`
        if (equalText(sign(admitted, text), claim.signature)) return
      }
      throw new RequestRefused(
        'signature-mismatch',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      )
    },

    /** The signature of a text within the request's scope, as chunk signatures use it: `kind`, date, scope, then `rest`. */
    signWithin(admitted: Admitted, kind: string, rest: string): string {
      return sign(admitted, `${kind}\n${admitted.claim.amzDate}\n${scopeOf(admitted.claim)}\n${rest}`)
    },
  }
}

/** In constant time for texts of one length. */
export function equalText(ours: string, theirs: string): boolean {
  const a = Buffer.from(ours)
  const b = Buffer.from(theirs)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Of yyyymmddThhmmssZ; NaN when it is no date. By hand: through Date.parse it costs as much as a signature. */
function epochOf(amzDate: string): number {
  const at = (from: number, to: number) => Number(amzDate.slice(from, to))
  const [month, day, hour, minute, second] = [at(4, 6), at(6, 8), at(9, 11), at(11, 13), at(13, 15)]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return Number.NaN
  return Date.UTC(at(0, 4), month - 1, day, hour, minute, second)
}

function scopeOf(claim: CredentialClaim): string {
  return `${claim.day}/${claim.region}/${claim.service}/aws4_request`
}

function checkDates({ amzDate, day, presigned, service }: CredentialClaim, now: number): void {
  const signedAt = epochOf(amzDate)
  if (Number.isNaN(signedAt)) throw new RequestRefused('malformed-authorization', 'X-Amz-Date is not a date.')
  if (day !== amzDate.slice(0, 8)) {
    const differ = `'${day}' != '${amzDate.slice(0, 8)}', from '${amzDate}'`
    throw new RequestRefused('scope-mismatch', `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ${differ}.`)
  }
  const text = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  if (signedAt > now + skewMs)
    throw new RequestRefused('skewed', `Signature not yet current: ${amzDate} is still later than ${text(now + skewMs)} (${text(now)} + 5 min.)`)
  if (!presigned) {
    if (signedAt < now - skewMs)
      throw new RequestRefused('skewed', `Signature expired: ${amzDate} is now earlier than ${text(now - skewMs)} (${text(now)} - 5 min.)`)
    return
  }
  const longest = service === 'bedrock-agentcore' ? 300 : 604_800
  if (presigned.expiresSeconds < 1 || presigned.expiresSeconds > longest) {
    throw new RequestRefused(
      'presigned-lifetime',
      `X-Amz-Expires must be between 1 and ${longest} seconds for ${service}; the URL says ${presigned.expiresSeconds}.`,
    )
  }
  const until = signedAt + presigned.expiresSeconds * 1000
  if (now > until) throw new RequestRefused('presigned-expired', `Signature expired: the URL was good until ${text(until)}; it is now ${text(now)}.`)
}

function checkToken({ sessionToken }: CredentialClaim, key: AccessKey, now: number): void {
  // Compared even when one side is missing, so that both wrong answers look alike.
  if (!equalText(key.sessionToken ?? '', sessionToken ?? '')) {
    throw new RequestRefused('wrong-token', 'The security token included in the request is invalid.', {
      detail: 'session token differs from the issued one',
    })
  }
  if (key.expiresAt !== undefined && now >= key.expiresAt)
    throw new RequestRefused('expired-token', 'The security token included in the request is expired')
}

function checkSignedHeaders({ signedHeaders, presigned, service }: CredentialClaim, request: WireRequest): void {
  // The AWS SDK for JavaScript signs HTTP/2's name of the same thing.
  const isHostSigned = signedHeaders.includes('host') || signedHeaders.includes(':authority')
  if (!isHostSigned) throw new RequestRefused('malformed-authorization', "'Host' must be a signed header.")
  if (!presigned && !signedHeaders.includes('x-amz-date'))
    throw new RequestRefused('malformed-authorization', "'X-Amz-Date' must be a signed header.")
  if (service !== 's3') return
  // Else a presigned PutObject could be turned into a CopyObject from anywhere by adding a header.
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith('x-amz-') || name === 'x-amz-content-sha256' || name === 'x-amz-security-token' || signedHeaders.includes(name)) continue
    throw new RequestRefused('unsigned-header', `There were headers present in the request which were not signed: ${name}`)
  }
}

/** The host as received and, for clients that leave the port out of what they sign, without it. */
function* hosts({ headers, ownPort }: WireRequest): Iterable<string> {
  const authority = headers[':authority']
  const host = headers.host ?? (typeof authority === 'string' ? authority : '')
  yield host
  const port = /:\d+$/.exec(host)
  if (port && (ownPort === undefined || port[0] === `:${ownPort}`)) yield host.slice(0, port.index)
}

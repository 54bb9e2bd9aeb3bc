// Errors in S3's form and with S3's codes.
import type { ServiceError } from '#kernel/errors.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { WireResponse } from '#wire/exchange.js'
import { type Refusal, RequestRefused } from '#wire/sigv4-refusals.js'
import { renderXml } from './xml.js'

type Said = readonly [code: string, status: number, message?: string]

const refusals: Readonly<Record<Refusal, Said>> = {
  'no-authentication': ['AccessDenied', 403],
  'malformed-authorization': ['AuthorizationHeaderMalformed', 400],
  'unsupported-algorithm': ['InvalidRequest', 400, 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.'],
  'unknown-key': ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
  'wrong-token': ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
  'expired-token': ['ExpiredToken', 400, 'The provided token has expired.'],
  'signature-mismatch': ['SignatureDoesNotMatch', 403],
  'scope-mismatch': ['AuthorizationHeaderMalformed', 400],
  skewed: ['RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.'],
  'presigned-expired': ['AccessDenied', 403, 'Request has expired'],
  'presigned-lifetime': ['AuthorizationQueryParametersError', 400],
  'unsigned-header': ['AccessDenied', 403],
  'content-hash-invalid': ['InvalidArgument', 400],
  'content-hash-mismatch': ['XAmzContentSHA256Mismatch', 400],
  'chunk-signature-mismatch': ['SignatureDoesNotMatch', 403],
  'checksum-invalid': ['InvalidRequest', 400],
  'checksum-mismatch': ['BadDigest', 400],
  'chunk-malformed': ['InvalidRequest', 400],
  'length-missing': ['MissingContentLength', 411],
  'body-incomplete': ['IncompleteBody', 400],
  'body-stalled': ['RequestTimeout', 400],
  'body-too-large': ['EntityTooLarge', 400],
  'spool-full': ['SlowDown', 503],
  'memory-full': ['SlowDown', 503],
}

const others: Readonly<Record<string, Said>> = {
  AccessDeniedException: ['AccessDenied', 403],
  InternalServerException: ['InternalError', 500],
  ThrottlingException: ['SlowDown', 503],
  ServiceUnavailableException: ['ServiceUnavailable', 503],
  ValidationException: ['InvalidRequest', 400],
  UnknownOperationException: ['MethodNotAllowed', 405],
  UnsupportedOperationException: ['NotImplemented', 501],
}

function said(error: ServiceError): { code: string; status: number; message: string; members: Record<string, string | number> } {
  if (error instanceof BucketError) {
    return { code: error.bucketCode, status: error.status, message: error.message, members: error.members as Record<string, string | number> }
  }
  const [code, status, message] = (error instanceof RequestRefused ? refusals[error.reason] : others[error.code]) ?? [error.code, error.status]
  return { code, status, message: message ?? error.message, members: {} }
}

/** `isHead`: an answer to HEAD has a status and no more. */
export function writeS3Error(error: ServiceError, response: WireResponse, requestId: string, isHead: boolean): void {
  const { code, status, message, members } = said(error)
  const head: Record<string, string | number> = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
  if (code === 'InvalidRange') head['content-range'] = `bytes */${members.ActualObjectSize}`
  if (code === 'NotModified') head.etag = `"${members.ETag}"`
  if (status === 304) {
    response.writeHead(status, head)
    response.end()
    return
  }
  const body = Buffer.from(renderXml('Error', { Code: code, Message: message, ...members, RequestId: requestId, HostId: requestId }, null))
  response.writeHead(status, { ...head, 'content-type': 'application/xml', 'content-length': body.length })
  response.end(isHead ? undefined : body)
}

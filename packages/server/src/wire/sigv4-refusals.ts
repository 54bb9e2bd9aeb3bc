// Why a signature or a body was not accepted. The code is the JSON services' word; `reason` lets a service with words
// of its own (s3, sts) choose them without reading messages.
import { type ErrorCode, ServiceError } from '#kernel/errors.js'

const codes = {
  'no-authentication': 'MissingAuthenticationTokenException',
  'malformed-authorization': 'IncompleteSignatureException',
  'unsupported-algorithm': 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  'wrong-token': 'UnrecognizedClientException',
  'expired-token': 'ExpiredTokenException',
  'signature-mismatch': 'InvalidSignatureException',
  'scope-mismatch': 'InvalidSignatureException',
  skewed: 'InvalidSignatureException',
  'presigned-expired': 'InvalidSignatureException',
  'presigned-lifetime': 'InvalidSignatureException',
  'unsigned-header': 'InvalidSignatureException',
  'content-hash-invalid': 'InvalidSignatureException',
  'content-hash-mismatch': 'InvalidSignatureException',
  'chunk-signature-mismatch': 'InvalidSignatureException',
  'checksum-invalid': 'ValidationException',
  'checksum-mismatch': 'ValidationException',
  'chunk-malformed': 'ValidationException',
  'length-missing': 'ValidationException',
  'body-incomplete': 'ValidationException',
  'body-stalled': 'ValidationException',
  'body-too-large': 'RequestEntityTooLargeException',
  'spool-full': 'ThrottlingException',
  'memory-full': 'ThrottlingException',
} as const satisfies Record<string, ErrorCode>

export type Refusal = keyof typeof codes

export class RequestRefused extends ServiceError {
  readonly reason: Refusal

  constructor(reason: Refusal, message: string, options: { cause?: unknown; detail?: string } = {}) {
    super(codes[reason], message, options)
    this.reason = reason
  }
}

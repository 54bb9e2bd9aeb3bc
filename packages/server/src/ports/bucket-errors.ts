// The errors of buckets and objects: S3's own codes, which are not those of the AgentCore services.
import { type ErrorCode, ServiceError } from '#kernel/errors.js'

/** S3's code: the status it has there, and the nearest code of ours for logs and audit. */
export const bucketErrors = {
  AccessDenied: [403, 'AccessDeniedException'],
  BadDigest: [400, 'ValidationException'],
  BucketAlreadyOwnedByYou: [409, 'ConflictException'],
  BucketNotEmpty: [409, 'ConflictException'],
  EntityTooLarge: [400, 'RequestEntityTooLargeException'],
  EntityTooSmall: [400, 'ValidationException'],
  IllegalLocationConstraintException: [400, 'ValidationException'],
  InvalidArgument: [400, 'ValidationException'],
  InvalidBucketName: [400, 'ValidationException'],
  InvalidPart: [400, 'ValidationException'],
  InvalidPartOrder: [400, 'ValidationException'],
  InvalidRange: [416, 'ValidationException'],
  InvalidRequest: [400, 'ValidationException'],
  InvalidURI: [400, 'ValidationException'],
  KeyTooLongError: [400, 'ValidationException'],
  MalformedXML: [400, 'ValidationException'],
  MetadataTooLarge: [400, 'ValidationException'],
  MethodNotAllowed: [405, 'UnknownOperationException'],
  NoSuchBucket: [404, 'ResourceNotFoundException'],
  NoSuchKey: [404, 'ResourceNotFoundException'],
  NoSuchUpload: [404, 'ResourceNotFoundException'],
  NotImplemented: [501, 'UnsupportedOperationException'],
  NotModified: [304, 'ConflictException'],
  OperationAborted: [409, 'RetryableConflictException'],
  PreconditionFailed: [412, 'ConflictException'],
  ServiceUnavailable: [503, 'ServiceUnavailableException'],
} as const satisfies Record<string, readonly [number, ErrorCode]>

export type BucketErrorCode = keyof typeof bucketErrors

export class BucketError extends ServiceError {
  readonly bucketCode: BucketErrorCode

  /** `members` are further elements of the answer: `BucketName`, `Key`. */
  constructor(bucketCode: BucketErrorCode, message: string, members: Readonly<Record<string, string | number>> = {}) {
    super(bucketErrors[bucketCode][1], message, { members })
    this.bucketCode = bucketCode
  }

  override get status(): number {
    return bucketErrors[this.bucketCode][0]
  }
}

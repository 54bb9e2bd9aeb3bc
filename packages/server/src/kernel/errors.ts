// Errors are data with a code. One renderer per wire protocol turns them into AWS's form; nothing else writes an error.

/** Codes that operations may answer, with the HTTP status AWS gives them. The model lists which operation declares which. */
export const errorStatus = {
  ValidationException: 400,
  InvalidInputException: 400,
  SerializationException: 400,
  ResourceLimitExceededException: 400,
  ResourceExistsException: 400,
  InvalidParameterException: 400,
  InvalidRequestException: 400,
  LimitExceededException: 400,
  DecryptionFailure: 400,
  EncryptionFailure: 400,
  MalformedPolicyDocumentException: 400,
  UnmodifiableEntityException: 400,
  PackedPolicyTooLargeException: 400,
  IncompleteSignatureException: 400,
  JWTPayloadSizeExceededException: 400,
  UnauthorizedException: 401,
  ServiceQuotaExceededException: 402,
  AccessDeniedException: 403,
  SessionDurationEscalationException: 403,
  SubscriptionRequiredException: 403,
  InvalidSignatureException: 403,
  UnrecognizedClientException: 403,
  MissingAuthenticationTokenException: 403,
  ExpiredTokenException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  NoSuchEntityException: 404,
  MethodNotAllowedException: 405,
  NotAcceptableException: 406,
  ModelTimeoutException: 408,
  ConflictException: 409,
  EntityAlreadyExistsException: 409,
  FeatureEnabledException: 409,
  DeleteConflictException: 409,
  /** IAM's, by the name that its answers have: others' LimitExceededException is a 400. */
  LimitExceeded: 409,
  RetryableConflictException: 409,
  ConcurrentModificationException: 409,
  DuplicateIdException: 409,
  RequestEntityTooLargeException: 413,
  MisdirectedRequestException: 421,
  RuntimeClientError: 424,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ThrottlingException: 429,
  ThrottledException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceException: 500,
  UnsupportedOperationException: 501,
  ServiceUnavailableException: 503,
  GatewayTimeoutException: 504,
} as const

export type ErrorCode = keyof typeof errorStatus

/** ValidationException.reason, from the AWS model. */
export type ValidationReason =
  | 'CannotParse'
  | 'FieldValidationFailed'
  | 'IdempotentParameterMismatchException'
  | 'ResourceConflict'
  | 'EventInOtherSession'

export interface FieldFault {
  name: string
  message: string
}

/**
 * What an operation refuses with. `message` is public: it says field, cause and fix, never a secret.
 * `detail` is for the log only. `members` are further members of the modelled error shape.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly members: Readonly<Record<string, unknown>>
  readonly detail: string | undefined

  constructor(code: ErrorCode, message: string, options: { members?: Record<string, unknown>; detail?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.members = options.members ?? {}
    this.detail = options.detail
  }

  get status(): number {
    return errorStatus[this.code]
  }
}

/** Thrown by adapters only; a service translates it at its border. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly port: string
  readonly code: string
  readonly retryable: boolean

  constructor(port: string, code: string, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.port = port
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

/** One or more members broke a rule. The first message leads, all are listed. */
export function invalid(field: string, rule: string): ServiceError {
  return invalidFields([{ name: field, message: rule }])
}

export function invalidFields(fieldList: FieldFault[], reason: ValidationReason = 'FieldValidationFailed'): ServiceError {
  const faults = fieldList.map(({ name, message }) => `${name}: ${message}`).join('; ')
  const count = fieldList.length === 1 ? '1 validation error detected' : `${fieldList.length} validation errors detected`
  return new ServiceError('ValidationException', `${count}: ${faults}`, { members: { reason, fieldList } })
}

export function cannotParse(what: string, cause?: unknown): ServiceError {
  return new ServiceError('ValidationException', what, { members: { reason: 'CannotParse' }, cause })
}

export function notFound(kind: string, id: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `${kind} ${id} does not exist in this account and Region.`)
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ConflictException', message)
}

export function quotaExceeded(message: string): ServiceError {
  return new ServiceError('ServiceQuotaExceededException', message)
}

export function accessDenied(message: string): ServiceError {
  return new ServiceError('AccessDeniedException', message)
}

/** A member that the model has and that does not execute here yet: refused by name, never stored and echoed. */
export function unsupportedMember(field: string, why: string): ServiceError {
  return invalid(field, `is not executed by this version of agentworks: ${why} See docs/conformance.md.`)
}

// Why a job failed, by AWS's codes (developer guide: memory, failed extractions), and whether another attempt may help.
import { type ErrorCode, PortError, ServiceError } from '#kernel/errors.js'

interface Failure {
  /** `CODE: what happened and what to do`. */
  reason: string
  isTransient: boolean
}

const codes: Readonly<Partial<Record<ErrorCode, readonly [code: string, isTransient: boolean]>>> = {
  AccessDeniedException: ['CUSTOM_MODEL_BEDROCK_ACCESS_DENIED', false],
  InternalServerException: ['CUSTOM_MODEL_BEDROCK_INTERNAL_ERROR', true],
  ThrottlingException: ['CUSTOM_MODEL_BEDROCK_THROTTLING', true],
  ModelErrorException: ['CUSTOM_MODEL_BEDROCK_MODEL_ERROR', true],
  ModelStreamErrorException: ['CUSTOM_MODEL_BEDROCK_MODEL_ERROR', true],
  ModelTimeoutException: ['CUSTOM_MODEL_BEDROCK_MODEL_TIMEOUT', true],
  ResourceNotFoundException: ['CUSTOM_MODEL_BEDROCK_RESOURCE_NOT_FOUND', false],
  ModelNotReadyException: ['CUSTOM_MODEL_BEDROCK_MODEL_NOT_READY', true],
  ServiceUnavailableException: ['CUSTOM_MODEL_BEDROCK_SERVICE_UNAVAILABLE', true],
  ValidationException: ['CUSTOM_MODEL_BEDROCK_VALIDATION_EXCEPTION', false],
}

export function failureOf(fault: unknown): Failure {
  if (fault instanceof ServiceError) {
    const [code, isTransient] = codes[fault.code] ?? ['CUSTOM_MODEL_BEDROCK_INTERNAL_ERROR', true]
    return { reason: `${code}: ${fault.message}`, isTransient }
  }
  if (fault instanceof PortError) return { reason: `CUSTOM_MODEL_BEDROCK_SERVICE_UNAVAILABLE: ${fault.message}`, isTransient: true }
  // A defect of ours; its words are for the log.
  return { reason: 'CUSTOM_MODEL_BEDROCK_INTERNAL_ERROR: the extraction broke; the log of the platform says where', isTransient: true }
}

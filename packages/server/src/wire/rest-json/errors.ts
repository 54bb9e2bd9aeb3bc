// A refusal -> status, x-amzn-errortype and JSON body, in the words that the operation declares.
import type { Operation, ServiceModel } from '@agentworks/model'
import { type ErrorCode, errorStatus, type ServiceError } from '#kernel/errors.js'
import type { WireResponse } from '#wire/exchange.js'
import type { Writers } from './writers.js'

/** Memory operations have names of their own for what every other operation calls otherwise: the first declared one is answered. */
const otherNames: Partial<Record<ErrorCode, readonly ErrorCode[]>> = {
  InternalServerException: ['ServiceException'],
  ServiceException: ['InternalServerException'],
  ThrottlingException: ['ThrottledException'],
  ThrottledException: ['ThrottlingException'],
  RetryableConflictException: ['ConflictException'],
  ServiceQuotaExceededException: ['ResourceLimitExceededException'],
  RequestEntityTooLargeException: ['ValidationException'],
  SerializationException: ['ValidationException'],
}

/** Members that the shape requires, for errors that were thrown without them. */
const usualMembers: Partial<Record<ErrorCode, Readonly<Record<string, unknown>>>> = {
  ValidationException: { reason: 'FieldValidationFailed' },
}

export interface RenderedError {
  /** Bare: no namespace, or clients do not find the class. */
  name: ErrorCode
  status: number
  body: Buffer
}

export type ErrorRenderer = (error: ServiceError, operation: Operation | undefined) => RenderedError

export function errorRenderer(model: ServiceModel, writers: Writers): ErrorRenderer {
  return (error, operation) => {
    const name = declaredName(error.code, operation)
    const shape = model.shapes[name]
    const modelled = shape?.kind === 'structure' ? shape : undefined
    const value = { ...usualMembers[name], ...error.members, message: error.message }
    return {
      name,
      status: modelled?.status ?? errorStatus[name],
      body: Buffer.from(JSON.stringify(modelled ? writers.of(name)(value) : { message: error.message })),
    }
  }
}

function declaredName(code: ErrorCode, operation: Operation | undefined): ErrorCode {
  if (!operation || operation.errors.includes(code)) return code
  return otherNames[code]?.find((other) => operation.errors.includes(other)) ?? code
}

export function writeErrorAnswer({ name, status, body }: RenderedError, response: WireResponse, requestId: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-amzn-errortype': name,
    'x-amzn-requestid': requestId,
  })
  response.end(body)
}

// What went wrong at a model provider, in Bedrock's words. Provider texts are passed on only where they cannot hold a credential.
import { ServiceError } from '#kernel/errors.js'

export interface ModelFault {
  provider: string
  modelId: string
  /** The provider's HTTP status; absent when it did not answer. */
  status?: number | undefined
  /** What the provider said. */
  said?: string | undefined
  timedOut?: boolean
  cause?: unknown
}

export function modelFault({ provider, modelId, status, said, timedOut, cause }: ModelFault): ServiceError {
  const words = said ? ` It said: ${said.slice(0, 500)}` : ''
  const members = { resourceName: modelId, ...(status !== undefined && { originalStatusCode: status }) }
  if (timedOut || status === 408 || status === 504) {
    return new ServiceError('ModelTimeoutException', `The model provider ${provider} did not answer in time. Try again, or with a shorter request.`, {
      cause,
    })
  }
  if (status === undefined) {
    return new ServiceError('ServiceUnavailableException', `The model provider ${provider} cannot be reached. Check its address and that it runs.`, {
      cause,
    })
  }
  if (status === 401 || status === 403) {
    // These answers quote the key, in part or whole.
    return new ServiceError(
      'AccessDeniedException',
      `The model provider ${provider} refused our credentials (${status}). Check the key in its variable.`,
      { cause },
    )
  }
  if (status === 404)
    return new ServiceError('ResourceNotFoundException', `The model provider ${provider} does not know ${modelId}.${words}`, { cause })
  if (status === 429) return new ServiceError('ThrottlingException', `The model provider ${provider} limits our rate.${words}`, { cause })
  if (status === 503 || status === 529) {
    return new ServiceError('ServiceUnavailableException', `The model provider ${provider} is overloaded (${status}). Try again.`, { cause })
  }
  if (status >= 400 && status < 500) {
    return new ServiceError('ValidationException', `The model provider ${provider} refused the request (${status}).${words}`, { cause })
  }
  return new ServiceError('ModelErrorException', `The model provider ${provider} failed (${status}).${words}`, { members, cause })
}

/** The provider answered something that is not its own protocol, or ended in the middle. */
export function malformedAnswer(provider: string, modelId: string, what: string, cause?: unknown): ServiceError {
  return new ServiceError('ModelErrorException', `The model provider ${provider} sent an answer that cannot be read: ${what}.`, {
    members: { resourceName: modelId },
    cause,
  })
}

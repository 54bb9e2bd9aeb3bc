import { ServiceError } from '#kernel/errors.js'
import { readCredentialClaim } from '#wire/credential-claim.js'
import type { Step } from '#wire/pipeline.js'

export const readClaim: Step = (exchange) => {
  const claim = readCredentialClaim(exchange.request)
  if (claim === undefined) {
    throw new ServiceError(
      'MissingAuthenticationTokenException',
      'The request is not signed. Sign it with AWS Signature Version 4; `agentworks env` prints the keys.',
    )
  }
  if (claim === 'bearer') {
    throw new ServiceError(
      'AccessDeniedException',
      'Bearer tokens are accepted only by runtimes and gateways that have a JWT authorizer, and none has one. Sign the request with AWS Signature Version 4.',
    )
  }
  exchange.claim = claim
}

import { ServiceError } from '#kernel/errors.js'
import { readBearerClaim } from '#wire/bearer-claim.js'
import { readCredentialClaim } from '#wire/credential-claim.js'
import type { Step } from '#wire/pipeline.js'

export const readClaim: Step = (exchange) => {
  const claim = readCredentialClaim(exchange.request)
  const unsigned = claim === undefined || claim === 'bearer' ? readBearerClaim(exchange.request) : undefined
  if (unsigned) {
    exchange.claim = unsigned
    return
  }
  if (claim === undefined) {
    throw new ServiceError(
      'MissingAuthenticationTokenException',
      'The request is not signed. Sign it with AWS Signature Version 4; `agentworks env` prints the keys.',
    )
  }
  if (claim === 'bearer') {
    throw new ServiceError(
      'AccessDeniedException',
      'Bearer tokens are accepted only where a runtime with a JWT authorizer is invoked. Sign this request with AWS Signature Version 4.',
    )
  }
  exchange.claim = claim
}

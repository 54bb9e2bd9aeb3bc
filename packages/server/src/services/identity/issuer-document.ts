// What verifiers read first: where the keys are, and what tokens say. The members are those of AWS's own issuers.
import { awsClaims } from './get-web-identity-token.js'

export const keySetPath = '/.well-known/jwks.json'

export function issuerDocument(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}${keySetPath}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES384'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', awsClaims],
  }
}

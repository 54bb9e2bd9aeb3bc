// JWTs of users that come with a call to the identity service. They are held against no authorizer: whoever the issuer is, it must
// have signed, and the user is issuer and subject together, so that nobody can name a user of somebody else's.
import { invalid, ServiceError } from '#kernel/errors.js'
import type { Jwts } from '#ports/jwt.js'
import { IssuerUnavailable } from './jwt-issuers.js'
import type { JwtUser, JwtVerifier } from './jwt-verifier.js'

/** Throws a ValidationException for what names no issuer that can be asked, else what the verifier refuses with. */
export function userTokenVerifier({ jwts, verifier }: { jwts: Jwts; verifier: JwtVerifier }): (userToken: string) => Promise<JwtUser> {
  return async (userToken) => {
    const issuer = jwts.read(userToken)?.claims.iss
    if (typeof issuer !== 'string' || !URL.canParse(issuer))
      throw invalid('userToken', 'must be a signed JWT whose claim "iss" is the URL of its issuer')
    // OpenID Connect Discovery 1.0, 4.1: a slash at the end of the issuer is left out before the path is added.
    const discoveryUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    try {
      await verifier.issuerOf(discoveryUrl)
    } catch (fault) {
      if (!(fault instanceof IssuerUnavailable)) throw fault
      throw invalid('userToken', `its issuer cannot be asked for its keys: ${fault.message}`)
    }
    try {
      return await verifier.verify({ discoveryUrl }, userToken)
    } catch (fault) {
      if (!(fault instanceof ServiceError) || fault.code !== 'UnauthorizedException') throw fault
      throw new ServiceError('UnauthorizedException', `userToken: ${fault.message}`, { cause: fault })
    }
  }
}

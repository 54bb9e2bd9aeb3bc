// What IAM tells of the issuer of JWTs. Here it is on from the start: there is nobody from whom it would have to be kept.
import { ServiceError } from '#kernel/errors.js'

export function outboundFederation({ issuer }: { issuer: () => string }) {
  return {
    GetOutboundWebIdentityFederationInfo: async () => ({ IssuerIdentifier: issuer(), JwtVendingEnabled: true }),
    EnableOutboundWebIdentityFederation: async () => {
      throw new ServiceError('FeatureEnabledException', `Outbound web identity federation is enabled already; the issuer is ${issuer()}.`)
    },
  }
}

// Clients that say who they are by a JWT under a private key of theirs: RFC 7523, private_key_jwt of OpenID Connect.
import type { ClientAuthenticationMethodType, PrivateKeyJwtConfig } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import { invalid, PortError, ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { KmsKeys, KmsSigningAlgorithm } from '#ports/kms-keys.js'

export interface PrivateKeyJwt {
  kmsKeyArn: string
  signingAlgorithm: KmsSigningAlgorithm
  additionalHeaderClaims?: Record<string, string>
  additionalPayloadClaims?: Record<string, string>
}

/** Long enough for a slow server, and worth nothing soon after. */
const assertionSeconds = 300
const ownHeaders = ['alg', 'typ', 'crit', 'b64', 'jwk', 'jku']
const ownClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti']

export function checkedPrivateKeyJwt(
  method: ClientAuthenticationMethodType,
  config: PrivateKeyJwtConfig | undefined,
  path: string,
): PrivateKeyJwt | undefined {
  if (method !== 'PRIVATE_KEY_JWT') {
    if (config) throw invalid(path, `is for clientAuthenticationMethod PRIVATE_KEY_JWT, not for ${method}`)
    return undefined
  }
  const kmsKeyArn = config?.privateKeySource?.kmsKeySource.kmsKeyArn
  if (!kmsKeyArn) throw invalid(`${path}.privateKeySource`, 'is required for clientAuthenticationMethod PRIVATE_KEY_JWT')
  const { signingAlgorithm = 'RS256', additionalHeaderClaims, additionalPayloadClaims } = config
  refuseOwn(ownHeaders, additionalHeaderClaims, `${path}.additionalHeaderClaims`)
  refuseOwn(ownClaims, additionalPayloadClaims, `${path}.additionalPayloadClaims`)
  return {
    kmsKeyArn,
    signingAlgorithm,
    ...(additionalHeaderClaims && { additionalHeaderClaims }),
    ...(additionalPayloadClaims && { additionalPayloadClaims }),
  }
}

/** A key that is not there, or not for that algorithm, is found out now and not at the first token. */
export async function checkKey({ kmsKeys }: { kmsKeys: KmsKeys }, { kmsKeyArn, signingAlgorithm }: PrivateKeyJwt, path: string): Promise<void> {
  try {
    await kmsKeys.signer(kmsKeyArn, signingAlgorithm)
  } catch (fault) {
    if (fault instanceof PortError) throw invalid(`${path}.privateKeySource.kmsKeySource.kmsKeyArn`, fault.message)
    throw fault
  }
}

export function presentPrivateKeyJwt({ kmsKeyArn, ...config }: PrivateKeyJwt): PrivateKeyJwtConfig {
  return { privateKeySource: { kmsKeySource: { kmsKeyArn } }, ...config }
}

export function clientAssertion(
  { kmsKeys, clock, ids }: { kmsKeys: KmsKeys; clock: Clock; ids: Ids },
  { kmsKeyArn, signingAlgorithm, additionalHeaderClaims = {}, additionalPayloadClaims = {} }: PrivateKeyJwt,
  clientId: string,
): (audience: string) => Promise<string> {
  return async (audience) => {
    const iat = Math.floor(clock.now() / 1000)
    const claims = { ...additionalPayloadClaims, iss: clientId, sub: clientId, aud: audience, iat, exp: iat + assertionSeconds, jti: ids.uuid() }
    try {
      return await (await kmsKeys.signer(kmsKeyArn, signingAlgorithm))(claims, additionalHeaderClaims)
    } catch (fault) {
      if (!(fault instanceof PortError)) throw fault
      throw new ServiceError('ValidationException', `The private key of the credential provider cannot be used: ${fault.message}.`, { cause: fault })
    }
  }
}

function refuseOwn(own: readonly string[], given: Record<string, string> | undefined, path: string): void {
  const taken = Object.keys(given ?? {}).find((name) => own.includes(name))
  if (taken !== undefined) throw invalid(path, `"${taken}" is set by the platform; leave it out`)
}

import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { InvalidCall } from '#client/invalid-call.js'
import { type Injecting, injecting } from './injected.js'

export interface WithIamJwtOptions {
  /** Whom the token is for: 1 to 10. */
  audience: readonly string[]
  /** ES384 when absent. */
  signingAlgorithm?: 'ES384' | 'RS256'
  /** 60 to 3,600; 300 when absent. */
  durationSeconds?: number
  /** Become claims of the token. */
  tags?: Readonly<Record<string, string>>
  /** Who asks; one that finds Region, endpoint and credentials as the AWS SDK does when absent. */
  client?: STSClient
}

/**
 * A function that is called with a JWT that says which agent this is, as its last argument; whoever trusts the platform as an issuer
 * verifies it, and no secret is shared:
 *
 *     const report = withIamJwt({ audience: ['https://api.example.com'] })(async (text: string, jwt: string) => post(text, jwt))
 *     await report('done')
 */
export function withIamJwt(options: WithIamJwtOptions): Injecting<string> {
  const { audience, signingAlgorithm = 'ES384', durationSeconds = 300, tags = {}, client } = options
  check(options)
  let asking = client
  return injecting(async () => {
    asking ??= new STSClient({})
    const { WebIdentityToken } = await asking.send(
      new GetWebIdentityTokenCommand({
        Audience: [...audience],
        SigningAlgorithm: signingAlgorithm,
        DurationSeconds: durationSeconds,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    return WebIdentityToken ?? ''
  })
}

/** When the function is wrapped, as the official SDK checks: a call may come much later. */
function check({ audience, signingAlgorithm = 'ES384', durationSeconds = 300 }: WithIamJwtOptions): void {
  if (!Array.isArray(audience) || audience.length < 1 || audience.length > 10)
    throw new InvalidCall('audience', 'is no list of 1 to 10', "Name whom the token is for, as in ['https://api.example.com']")
  if (!['ES384', 'RS256'].includes(signingAlgorithm))
    throw new InvalidCall('signingAlgorithm', `is ${JSON.stringify(signingAlgorithm)}`, 'It is ES384 or RS256')
  if (!Number.isInteger(durationSeconds) || durationSeconds < 60 || durationSeconds > 3600)
    throw new InvalidCall('durationSeconds', `is ${JSON.stringify(durationSeconds)}`, 'It is a whole number from 60 to 3600')
}

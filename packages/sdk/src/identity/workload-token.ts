// In whose name a credential is asked for: what was given, what came with the request, or, on its author's machine, an identity of its own.
import { getContext } from '#runtime/context.js'
import type { IdentityClient } from './identity-client.js'
import { localIdentity } from './local-identity.js'

/** The request came without a workload access token, so there is no user whose credentials it could use. */
export class NoWorkloadAccessToken extends Error {
  override readonly name = 'NoWorkloadAccessToken'

  constructor() {
    super(
      'This request has no workload access token: the runtime sends one when it knows the user. Invoke the agent with runtimeUserId ' +
        '(X-Amzn-Bedrock-AgentCore-Runtime-User-Id), or with a bearer token where the runtime has a JWT authorizer.',
    )
  }
}

export interface WorkloadTokenOptions {
  workloadIdentityToken?: string
  callbackUrl?: string
  env?: Readonly<Record<string, string | undefined>>
}

export async function workloadToken(client: IdentityClient, { workloadIdentityToken, callbackUrl, env = process.env }: WorkloadTokenOptions) {
  const known = workloadIdentityToken ?? getContext()?.workloadAccessToken
  if (known !== undefined) return known
  // Set in every session, here and on AWS: there an identity made up by the agent would hide that the caller names no user.
  if (env.DOCKER_CONTAINER === '1') throw new NoWorkloadAccessToken()
  return client.getWorkloadAccessToken(await localIdentity(client, { callbackUrl }))
}

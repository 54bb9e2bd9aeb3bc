import { type IdentityClient, identityClient } from './identity-client.js'

export interface ClientChoice {
  /** Who asks; one that finds Region, endpoint and credentials as the AWS SDK does when absent. */
  client?: IdentityClient
}

let shared: IdentityClient | undefined

/** Made at the first call: where a function is only wrapped there may be no Region yet. */
export function chosenClient(client: IdentityClient | undefined): IdentityClient {
  if (client) return client
  shared ??= identityClient()
  return shared
}

// What the operations that hand out tokens need from the world, beside what credential providers need. main.ts fills it in.
import type { OauthClient } from '#ports/oauth-client.js'
import type { Sealer } from '#ports/sealer.js'
import type { IssuerKeys } from './issuer-keys.js'
import type { CredentialProviderPorts } from './ports.js'

export interface ResourceTokenPorts extends CredentialProviderPorts {
  /** Of workload access tokens. */
  sealer: Sealer
  oauth: OauthClient
  keys: Pick<IssuerKeys, 'signerFor'>
  /** Known once the platform listens. */
  issuer(): string
  /** Signature and expiry checked. Throws a ServiceError for a token that is not to be believed. */
  verifyUserToken(userToken: string): Promise<{ issuer: string; subject: string }>
}

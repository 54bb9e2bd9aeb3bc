// Clients that may ask for tokens, in the words of OpenID Connect's registration.
import { randomBytes } from 'node:crypto'
import { jwtBearer, tokenExchange } from './exchange-grants.js'
import type { State } from './state.js'

export interface Client {
  client_id: string
  redirect_uris: string[]
  grant_types: string[]
  /** `none`: a public client, which must use PKCE. */
  token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post' | 'none'
}

export interface NewClient {
  id: string
  redirectUris?: readonly string[]
  authMethod?: Client['token_endpoint_auth_method']
  /** Made here when absent. */
  secret?: string
}

export const newSecret = () => randomBytes(32).toString('base64url')

const model = 'Client'
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** Makes the client, or changes it and gives it a new secret, which is shown this once. */
export function putClient(state: State, given: NewClient): Client & { client_secret?: string } {
  const { id, redirectUris = [], authMethod = 'client_secret_basic', secret = newSecret() } = given
  if (!idPattern.test(id)) throw new Error(`"${id}" cannot be the id of a client: 1 to 100 letters, digits and . _ -, a letter or digit first`)
  for (const uri of redirectUris)
    if (!isRedirectUri(uri)) throw new Error(`"${uri}" is no redirect URI: an absolute http or https URL without a fragment`)
  const isPublic = authMethod === 'none'
  const client: Client = {
    client_id: id,
    redirect_uris: [...redirectUris],
    token_endpoint_auth_method: authMethod,
    grant_types: [
      ...(redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : []),
      ...(isPublic ? [] : ['client_credentials', tokenExchange, jwtBearer]),
    ],
  }
  const withSecret = isPublic ? client : { ...client, client_secret: secret }
  state.put(model, id, { payload: { ...withSecret, response_types: redirectUris.length > 0 ? ['code'] : [] } })
  return withSecret
}

export function listClients(state: State): Client[] {
  return (state.all(model) as unknown as Client[])
    .map(({ client_id, redirect_uris, grant_types, token_endpoint_auth_method }) => ({
      client_id,
      redirect_uris,
      grant_types,
      token_endpoint_auth_method,
    }))
    .toSorted((one, other) => (one.client_id < other.client_id ? -1 : 1))
}

export function findClient(state: State, id: string): (Client & { client_secret?: string }) | undefined {
  return state.get(model, id) as unknown as Client | undefined
}

export const removeClient = (state: State, id: string): boolean => state.delete(model, id)

function isRedirectUri(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hash === ''
}

// OAuth 2.0 as a client speaks it: authorization requests with PKCE, and grants at a token endpoint.

/** A document to fetch, or the endpoints themselves. */
export type AuthorizationServer = { discoveryUrl: string } | { issuer: string; authorizationEndpoint: string; tokenEndpoint: string }

export type ClientAuthentication =
  | { method: 'basic' | 'post'; secret: string }
  /** RFC 7523: a JWT for the authorization server, made when it is known. */
  | { method: 'assertion'; secret?: undefined; assertion(audience: string): Promise<string> }

/** One client at one authorization server. */
export interface OauthParty {
  server: AuthorizationServer
  /** Absent where the assertion alone says who the client is. */
  clientId: string | undefined
  authentication: ClientAuthentication
}

/** A name may stand more than once. */
export type OauthParameters = readonly (readonly [name: string, value: string])[]

export interface AuthorizationRequest {
  redirectUri: string
  state: string
  codeVerifier: string
  /** Demands an ID token that carries it. */
  nonce: string | undefined
}

export interface OauthTokens {
  accessToken: string
  refreshToken?: string
  /** Absent when the server does not say. */
  expiresInSeconds?: number
}

/**
 * Failures are PortError('oauth', code), whose message may be told to callers and names neither secrets nor tokens. Codes: 'denied' (the
 * authorization server sent an error to the callback), 'invalid-grant' (what was presented is used up, expired or revoked), 'refused' (any
 * other error that the token endpoint gives), 'bad-answer' (no answer of OAuth). What ports/outgoing.ts fails with comes through.
 */
export interface OauthClient {
  authorizationUrl(party: OauthParty, request: AuthorizationRequest, parameters: OauthParameters): Promise<string>
  /** `answer` is the query that came to the redirect URI. */
  byCode(party: OauthParty, request: AuthorizationRequest, answer: URLSearchParams, parameters: OauthParameters): Promise<OauthTokens>
  byGrant(party: OauthParty, grantType: string, parameters: OauthParameters): Promise<OauthTokens>
  /** As the server names itself: who an actor token is for. */
  issuerOf(party: OauthParty): Promise<string>
}

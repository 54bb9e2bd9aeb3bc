// OAuth by openid-client. Each call goes through the guarded port, so the library's own insistence on https is left to that.
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  genericGrantRequest,
} from 'openid-client'
import { asFetch } from '#adapters/outgoing/as-fetch.js'
import type { Clock } from '#kernel/clock.js'
import type { ClientAuthentication, OauthClient, OauthParameters, OauthParty, OauthTokens } from '#ports/oauth-client.js'
import type { Outgoing } from '#ports/outgoing.js'
import { readableAnswers } from './answers.js'
import { translated } from './faults.js'
import { authorizationServers } from './servers.js'

export function openidClient({ outgoing, clock }: { outgoing: Outgoing; clock: Pick<Clock, 'now'> }): OauthClient {
  const fetched = asFetch(outgoing)
  const serverOf = authorizationServers({ fetched, clock })

  async function configured({ server, clientId, authentication }: OauthParty): Promise<Configuration> {
    // The library wants a name; a client without one sends none (see clientAuth below).
    const config = await serverOf(server, clientId ?? 'assertion', clientAuth(authentication, clientId))
    config[customFetch] = readableAnswers(fetched)
    return config
  }

  return {
    async authorizationUrl(party, { redirectUri, state, codeVerifier, nonce }, parameters) {
      return guarded([], async () => {
        const url = buildAuthorizationUrl(await configured(party), {
          redirect_uri: redirectUri,
          state,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          ...(nonce !== undefined && { nonce }),
        })
        for (const [name, value] of parameters) url.searchParams.append(name, value)
        return url.href
      })
    },

    async byCode(party, { redirectUri, state, codeVerifier, nonce }, answer, parameters) {
      return guarded(secretsOf(party, [...answer.values(), codeVerifier]), async () => {
        const came = new URL(redirectUri)
        for (const [name, value] of answer) came.searchParams.append(name, value)
        const checks = { expectedState: state, pkceCodeVerifier: codeVerifier, expectedNonce: nonce }
        return tokensOf(await authorizationCodeGrant(await configured(party), came, checks, searchParams(parameters)))
      })
    },

    async byGrant(party, grantType, parameters) {
      const secrets = parameters.filter(([name]) => /token|assertion/.test(name)).map(([, value]) => value)
      return guarded(secretsOf(party, secrets), async () =>
        tokensOf(await genericGrantRequest(await configured(party), grantType, searchParams(parameters))),
      )
    },

    issuerOf: (party) => guarded([], async () => (await configured(party)).serverMetadata().issuer),
  }
}

function clientAuth(authentication: ClientAuthentication, clientId: string | undefined): ClientAuth {
  if (authentication.method === 'assertion') {
    return async ({ issuer }, _client, body) => {
      body.delete('client_id')
      if (clientId !== undefined) body.set('client_id', clientId)
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      body.set('client_assertion', await authentication.assertion(issuer))
    }
  }
  return authentication.method === 'basic' ? ClientSecretBasic(authentication.secret) : ClientSecretPost(authentication.secret)
}

function tokensOf(answer: { access_token: string; refresh_token?: string; expires_in?: number }): OauthTokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds } = answer
  return { accessToken, ...(refreshToken && { refreshToken }), ...(expiresInSeconds !== undefined && { expiresInSeconds }) }
}

const searchParams = (parameters: OauthParameters) => new URLSearchParams(parameters.map(([name, value]) => [name, value] as [string, string]))

function secretsOf({ authentication }: OauthParty, more: readonly string[]): string[] {
  return authentication.method === 'assertion' ? [...more] : [authentication.secret, ...more]
}

async function guarded<R>(secrets: readonly string[], work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (fault) {
    throw translated(fault, secrets)
  }
}

// The OAuth client as the platform starts with it: the library behind it (40 ms, 7 MB) is loaded when a token is first asked for.
import type { Clock } from '#kernel/clock.js'
import type { OauthClient } from '#ports/oauth-client.js'
import type { Outgoing } from '#ports/outgoing.js'

export function oauthClient(ports: { outgoing: Outgoing; clock: Pick<Clock, 'now'> }): OauthClient {
  let loading: Promise<OauthClient> | undefined
  const client = () => (loading ??= import('./openid-client.js').then(({ openidClient }) => openidClient(ports)))
  return {
    authorizationUrl: async (...call) => (await client()).authorizationUrl(...call),
    byCode: async (...call) => (await client()).byCode(...call),
    byGrant: async (...call) => (await client()).byGrant(...call),
    issuerOf: async (...call) => (await client()).issuerOf(...call),
  }
}

// Authorization servers as the library knows them. Discovery documents are kept for a while: a token must not cost one each time.
import { allowInsecureRequests, type ClientAuth, Configuration, customFetch, discovery } from 'openid-client'
import type { asFetch } from '#adapters/outgoing/as-fetch.js'
import type { Clock } from '#kernel/clock.js'
import type { AuthorizationServer } from '#ports/oauth-client.js'

export type Configured = (server: AuthorizationServer, clientId: string, authentication: ClientAuth) => Promise<Configuration>

const keptMs = 10 * 60_000
const keptAtMost = 500
const wellKnown = '/.well-known/openid-configuration'

export function authorizationServers({ fetched, clock }: { fetched: ReturnType<typeof asFetch>; clock: Pick<Clock, 'now'> }): Configured {
  const known = new Map<string, { until: number; document: Promise<string> }>()

  function documentAt(url: string): Promise<string> {
    const found = known.get(url)
    if (found && found.until > clock.now()) return found.document
    const document = fetched(url).then(async (answer) => {
      if (answer.status !== 200) throw new Refused(answer.status)
      return answer.text()
    })
    known.delete(url)
    known.set(url, { until: clock.now() + keptMs, document })
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size > keptAtMost) known.delete(oldest)
    // Who failed is asked again next time.
    document.catch(() => known.delete(url))
    return document
  }

  return async (server, clientId, authentication) => {
    if (!('discoveryUrl' in server)) {
      const { issuer, authorizationEndpoint, tokenEndpoint } = server
      const metadata = { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint }
      const config = new Configuration(metadata, clientId, undefined, authentication)
      allowInsecureRequests(config)
      return config
    }
    return discovery(new URL(readAs(server.discoveryUrl)), clientId, undefined, authentication, {
      [customFetch]: async (url) => {
        try {
          return new Response(await documentAt(url), { status: 200, headers: { 'content-type': 'application/json' } })
        } catch (fault) {
          if (fault instanceof Refused) return new Response(null, { status: fault.status })
          throw fault
        }
      },
      execute: [allowInsecureRequests],
    })
  }
}

class Refused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`status ${status}`)
    // What a Response can be made with.
    this.status = status >= 200 && status <= 599 ? status : 502
  }
}

/** Microsoft's issuer is a template; the library reads it so only when it finds the document itself. */
function readAs(discoveryUrl: string): string {
  const isMicrosoft = URL.parse(discoveryUrl)?.origin === 'https://login.microsoftonline.com'
  return isMicrosoft && discoveryUrl.endsWith(wellKnown) ? discoveryUrl.slice(0, -wellKnown.length) : discoveryUrl
}

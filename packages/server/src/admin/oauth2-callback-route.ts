// The page that authorization servers send users' browsers back to. Unsigned: who comes here has nothing but the server's answer.
import { randomUUID } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import type { Audit } from '#ports/telemetry.js'
import type { CallbackAnswer } from '#services/identity/index.js'
import type { UnsignedRoute } from '#wire/front.js'
import type { AnyRequest, AnyResponse } from '#wire/server.js'

export interface CallbackRoutePorts {
  /** Throws a ServiceError when the vault cannot be opened. */
  callback(callbackId: string, query: URLSearchParams): Promise<CallbackAnswer>
  audit: Audit
  clock: Pick<Clock, 'now'>
  allowedHosts: (host: string) => boolean
}

const path = /^\/identities\/oauth2\/callback\/([0-9a-zA-Z-]{1,64})$/

/** The address holds a code: it must go nowhere by a Referer, a cache or a frame. */
const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
} as const

export function oauth2CallbackRoute({ callback, allowedHosts, audit, clock }: CallbackRoutePorts): UnsignedRoute {
  return {
    // Not inside sessions: no browser of a user's is there.
    matches: (rawPath, entrance) => entrance.kind === 'port' && path.test(rawPath),
    async answer(request, response) {
      if (!allowedHosts(hostOf(request))) return show(response, 421, refusal('This is not a host name of this platform.'))
      // A HEAD, as link checkers send, must not use up the code.
      if (request.method !== 'GET') return show(response, 405, refusal('Only a browser that comes back from a sign-in is answered here.'))
      const [rawPath = '', ...query] = (request.url ?? '').split('?')
      const answer = await callback(path.exec(rawPath)?.[1] ?? '', new URLSearchParams(query.join('?'))).catch((fault: unknown): CallbackAnswer => {
        // Such as a vault without its master key: told by name to those who sign, not to whoever has a browser.
        if (!(fault instanceof ServiceError)) throw fault
        return { isDone: false, page: refusal('The platform cannot take this answer now. Its owner finds the reason with the next signed call.') }
      })
      audit.record({
        at: clock.now(),
        requestId: randomUUID(),
        principalArn: 'a browser',
        service: 'agentworks',
        action: 'agentworks:OAuth2Callback',
        resource: answer.credentialProviderArn,
        outcome: answer.isDone ? 'allowed' : 'AccessDeniedException',
      })
      if ('page' in answer) return show(response, answer.isDone ? 200 : 400, answer.page)
      response.writeHead(302, { ...headers, location: answer.redirect, 'content-length': 0 })
      response.end()
    },
  }
}

type Page = Extract<CallbackAnswer, { page: unknown }>['page']

const refusal = (text: string): Page => ({ title: 'Sign-in did not succeed', text })

function show(response: AnyResponse, status: number, { title, text }: Page): void {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em }</style>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
</html>
`
  response.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(html) })
  response.end(html)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** HTTP/2 has :authority where HTTP/1.1 has Host. */
function hostOf({ headers }: AnyRequest): string {
  return headers.host ?? (headers[':authority'] as string | undefined) ?? ''
}

// The guarded calls in the form that libraries of JWT and OAuth take: `fetch`, with redirects and limits decided by the port.
import type { Outgoing } from '#ports/outgoing.js'

interface FetchOptions {
  method?: string
  headers?: ConstructorParameters<typeof Headers>[0]
  body?: unknown
  signal?: AbortSignal | null
}

export function asFetch(outgoing: Outgoing): (url: string, options?: FetchOptions) => Promise<Response> {
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    if (method !== 'GET' && method !== 'POST') throw new TypeError(`${method} is not called for`)
    const sent = Object.fromEntries(new Headers(headers))
    const answer = await outgoing({ method, url, headers: sent, body: bodyText(body), signal: signal ?? undefined })
    // A body goes with these statuses nowhere, and Response refuses one.
    const isBare = [204, 205, 304].includes(answer.status)
    return new Response(isBare ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers })
  }
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString()
  throw new TypeError('a body must be text or form parameters')
}

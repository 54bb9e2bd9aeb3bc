// Token endpoints that answer otherwise than RFC 6749 says, made readable.
import type { CustomFetch } from 'openid-client'
import type { asFetch } from '#adapters/outgoing/as-fetch.js'

export function readableAnswers(fetched: ReturnType<typeof asFetch>): CustomFetch {
  return async (url, options) => {
    const answer = await fetched(url, options)
    const { status, headers } = answer
    // The challenge of a 401 says less than its body, and the library would read nothing else (RFC 6749 5.2 asks for both).
    headers.delete('www-authenticate')
    const text = await answer.text()
    if (status !== 200) return new Response(text, { status, headers })
    const said = parsed(text)
    // GitHub and Slack tell a refusal under status 200.
    if (typeof said?.error === 'string' && said.access_token === undefined) return new Response(text, { status: 400, headers })
    // Slack names the owner of a token where its type should stand (api method oauth.v2.access).
    if (said?.token_type === 'bot' || said?.token_type === 'user')
      return new Response(JSON.stringify({ ...said, token_type: 'bearer' }), { status: 200, headers })
    return new Response(text, { status: 200, headers })
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // The library tells what it cannot read.
    return undefined
  }
}

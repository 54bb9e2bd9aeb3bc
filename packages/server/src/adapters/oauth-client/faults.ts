// What the library fails with, in the port's words. Texts that a server chose pass only when they hold nothing that was sent to it.
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { PortError, ServiceError } from '#kernel/errors.js'

export function translated(fault: unknown, secrets: readonly string[]): unknown {
  // Ours, of the way there or of whoever signs for the client: the library wraps it.
  const own = causes(fault).find((cause) => cause instanceof PortError || cause instanceof ServiceError)
  if (own) return own
  if (fault instanceof AuthorizationResponseError)
    return new PortError('oauth', 'denied', `the authorization server answered ${said(fault.error, fault.error_description, secrets)}`)
  if (fault instanceof ResponseBodyError) {
    const code = fault.error === 'invalid_grant' ? 'invalid-grant' : 'refused'
    return new PortError('oauth', code, `the token endpoint answered ${said(fault.error, fault.error_description, secrets)}`)
  }
  // The messages of the library are fixed texts. Its causes hold whole answers, tokens too: they stay behind.
  const isOfLibrary = fault instanceof ClientError || (fault instanceof Error && 'code' in fault && String(fault.code).startsWith('OAUTH_'))
  if (isOfLibrary) {
    const { message, cause } = fault as Error
    const status = cause instanceof Response ? ` (status ${cause.status})` : ''
    return new PortError('oauth', 'bad-answer', `the authorization server gave no answer of OAuth 2.0: ${message}${status}`)
  }
  if (fault instanceof TypeError) return new PortError('oauth', 'bad-answer', 'the endpoints of the authorization server cannot be used')
  return fault
}

function causes(fault: unknown): unknown[] {
  const found: unknown[] = []
  for (let at = fault; at instanceof Error && found.length < 10; at = at.cause) found.push(at)
  return found
}

/** RFC 6749 5.2: printable ASCII without quotes and backslashes. Anything else is not repeated. */
function said(error: string, description: string | undefined, secrets: readonly string[]): string {
  const isClean = (text: string) =>
    /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(text) && !secrets.some((secret) => secret.length >= 4 && text.includes(secret))
  const named = error.length <= 64 && isClean(error) ? error : 'an error'
  return description && description.length <= 300 && isClean(description) ? `${named}: ${description}` : named
}

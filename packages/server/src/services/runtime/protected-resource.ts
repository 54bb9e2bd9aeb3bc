// GetRuntimeProtectedResourceMetadata: how a client without a token finds who gives it one (RFC 9728). Served to everybody.
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import { IssuerUnavailable, type JwtVerifier } from '#services/identity/index.js'
import { protectedRuntime, resourcePathOf } from './bearer-callers.js'

export interface ProtectedResourceMetadata {
  resource: string
  authorization_servers: readonly string[]
  bearer_methods_supported: readonly ['header']
  scopes_supported?: readonly string[]
}

export interface MetadataCall {
  label: string
  qualifier: string | undefined
  /** By which the client knows us: scheme and host. */
  origin: string
}

export function protectedResources({ store, jwtVerifier, home }: { store: Reader; jwtVerifier: JwtVerifier; home: Scope }) {
  /** `undefined`: no runtime of that name takes bearer tokens. */
  return async ({ label, qualifier, origin }: MetadataCall): Promise<ProtectedResourceMetadata | undefined> => {
    const called = await protectedRuntime(store, { label, qualifier, home })
    if (!called) return undefined
    const { discoveryUrl, allowedScopes, advertisedScopeMapping = {} } = called.authorizer
    return {
      resource: `${origin}${resourcePathOf(called)}?qualifier=${encodeURIComponent(called.qualifier)}`,
      authorization_servers: [await issuerOf(discoveryUrl)],
      bearer_methods_supported: ['header'],
      ...(allowedScopes && { scopes_supported: allowedScopes.map((scope) => advertisedScopeMapping[scope] ?? scope) }),
    }
  }

  async function issuerOf(discoveryUrl: string): Promise<string> {
    try {
      return await jwtVerifier.issuerOf(discoveryUrl)
    } catch (fault) {
      if (!(fault instanceof IssuerUnavailable)) throw fault
      // What it is by convention. A client that reads this at another time than we can reach the issuer is not stopped by it.
      const { origin, pathname } = new URL(discoveryUrl)
      return origin + pathname.replace(/\/\.well-known\/(openid-configuration|oauth-authorization-server)/, '')
    }
  }
}

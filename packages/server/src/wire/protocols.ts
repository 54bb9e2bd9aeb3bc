// Which protocol answers a credential scope.
import type { Protocol } from './protocol.js'

export interface Protocols {
  /** Served scopes and, for every other, the protocol that refuses by name. */
  of(service: string): Protocol
  /** Renders errors of requests that name no service. */
  fallback: Protocol
}

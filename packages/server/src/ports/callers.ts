// Who may call, and what they may do.
import type { Caller } from '#kernel/context.js'

export interface AccessKey {
  caller: Caller
  secretAccessKey: string
  /** Present on session credentials: the request must carry exactly this token. */
  sessionToken?: string
  /** Epoch milliseconds. */
  expiresAt?: number
}

export interface AccessKeys {
  /** `undefined`: this key was never issued, or was revoked. */
  find(accessKeyId: string): AccessKey | undefined
}

export interface Authorizer {
  /** Throws AccessDeniedException naming principal, action and resource. `action` is `service:Action`. */
  authorize(caller: Caller, action: string, resourceArn: string): void
}

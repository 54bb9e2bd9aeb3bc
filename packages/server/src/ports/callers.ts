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

/** Condition keys of policies with their values in one request, as `aws:SourceIp`. */
export type ConditionFacts = Readonly<Record<string, string | readonly string[] | undefined>>

/** What is known of a call beyond who makes it. */
export interface Asked {
  /** Called only where a policy looks at the request. The caller's own keys (aws:PrincipalArn and its kin) are known already. */
  conditions?: () => ConditionFacts
  /** What is called within the resource: its policy must not block the call either. A runtime's endpoint. */
  endpointArn?: string
}

export interface Authorizer {
  /** Throws AccessDeniedException naming principal, action and resource. `action` is `service:Action`. */
  authorize(caller: Caller, action: string, resourceArn: string, asked?: Asked): void
}

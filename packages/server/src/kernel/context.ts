// What every operation knows about the call it answers.
import type { Scope } from './scope.js'

/** Who signed, or whose token was accepted. `principalArn` is what policies and GetCallerIdentity see. */
export interface Caller extends Scope {
  kind: 'root' | 'session' | 'jwt'
  accessKeyId: string
  principalArn: string
  /** The role whose permissions apply; absent for the root key, which may do everything. */
  roleArn?: string
  /** Set when a JWT authorizer accepted a token: the user is issuer and subject together. */
  jwt?: { issuer: string; subject: string }
  /** Set when the credentials belong to one running agent session. */
  session?: { agentRuntimeId: string; runtimeSessionId: string; instanceId: string }
}

export interface Context extends Scope {
  requestId: string
  caller: Caller
  /** The caller's HTTP headers, lower-case names: some operations pass named ones on. */
  headers: Readonly<Record<string, string>>
  /** Aborts when the client goes away or the platform drains. */
  signal: AbortSignal
}

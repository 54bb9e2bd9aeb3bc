// What every operation knows about the call it answers.
import type { Scope } from './scope.js'

/** Who signed, or whose token was accepted. `principalArn` is what policies and GetCallerIdentity see. */
export interface Caller extends Scope {
  /** `session`: temporary credentials of a role, lent to an agent or taken by AssumeRole. */
  kind: 'root' | 'user' | 'session' | 'jwt'
  accessKeyId: string
  principalArn: string
  /** The role whose permissions apply; absent for the root key, which may do everything, and for users. */
  roleArn?: string
  /** Of the role that AssumeRole took: the credentials end with it, and are not those of a later role of its name. */
  roleId?: string
  /** Set when a JWT authorizer accepted a token: the user is issuer and subject together. */
  jwt?: { issuer: string; subject: string }
  /** What the credentials were narrowed to by AssumeRole: texts, and ARNs of managed policies. */
  sessionPolicies?: { texts: readonly string[]; arns: readonly string[] }
  /** Given to AssumeRole: beside the role's own tags, and before them. */
  sessionTags?: Readonly<Record<string, string>>
  /** Set when the credentials belong to one running agent session. */
  session?: { agentRuntimeId: string; runtimeSessionId: string; instanceId: string }
}

export interface Context extends Scope {
  requestId: string
  caller: Caller
  /** The caller's HTTP headers, lower-case names: some operations pass named ones on. */
  headers: Readonly<Record<string, string>>
  /** What policies may ask of this request (aws:SourceIp and its kin): to be handed on with every further question to the authorizer. */
  conditions?: () => Readonly<Record<string, string | readonly string[] | undefined>>
  /** Aborts when the client goes away or the platform drains. */
  signal: AbortSignal
}

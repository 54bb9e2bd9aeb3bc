// A protocol is one column of the table: how a credential scope's requests become operations and its answers become bytes.

import type { Context } from '#kernel/context.js'
import type { ServiceError } from '#kernel/errors.js'
import type { ConditionFacts } from '#ports/callers.js'
import type { BodyRules } from './body.js'
import type { Exchange, VerifiedBody, WireRequest, WireResponse } from './exchange.js'

export interface MatchedOperation {
  /** AWS's name: `CreateAgentRuntime`. */
  name: string
  /** What IAM calls it: `bedrock-agentcore:CreateAgentRuntime`. */
  action: string
  /** The request body is handed to the operation as a stream of at most this many bytes; absent: it is read whole first. */
  streamsUpTo?: number
  /** For a body that is read whole: the most bytes it may have, where it is not the usual. */
  bufferedBytes?: number
  /** Promises about the body beyond its signature, such as checksums, kept before its last piece is handed on. */
  bodyChecks?: BodyRules['checks']
  /** Set by the protocol for its own later steps. */
  detail: unknown
}

/** Some operations are about their own caller when they name nobody. */
export type AskedIn = Pick<Context, 'account' | 'region'> & Partial<Pick<Context, 'caller'>>

export interface OwnRefusal {
  status: number
  contentType: string
  body: string
}

/** `input` and `output` are in the model's own member names; timestamps are epoch milliseconds, blobs are Uint8Array. */
export interface Protocol {
  /** The credential scope, as `sts`. */
  service: string
  /** From method, path, query and headers alone. Throws ServiceError UnknownOperationException or ValidationException. */
  match(request: WireRequest): MatchedOperation
  /** Parses and validates everything that the model says, before anything runs. */
  read(operation: MatchedOperation, request: WireRequest, body: VerifiedBody): Promise<unknown>
  /** The ARN that the call is about, for authorization and audit; `*` when it names none. */
  resource(operation: MatchedOperation, input: unknown, scope: AskedIn): string
  /** The ARN of what is called within that resource and may have a policy of its own: a runtime's endpoint. */
  endpoint?(operation: MatchedOperation, input: unknown, resourceArn: string): string | undefined
  /** Condition keys of policies whose values are in the input. */
  conditions?(operation: MatchedOperation, input: unknown): ConditionFacts
  dispatch(operation: MatchedOperation, context: Context, input: unknown): Promise<unknown>
  /** Writes the whole answer; resolves when it is flushed or the client is gone. Mid-stream failures end in-band. */
  write(operation: MatchedOperation, output: unknown, exchange: Exchange): Promise<void>
  /**
   * A refusal in the form of what was called, where that has one of its own: an MCP server's clients read JSON-RPC.
   * Only for callers who are known; `undefined`: `writeError` answers.
   */
  ownRefusal?(error: ServiceError, exchange: Exchange): Promise<OwnRefusal | undefined>
  /** Only before the head was sent. */
  writeError(error: ServiceError, response: WireResponse, requestId: string, operation: MatchedOperation | undefined): void
}

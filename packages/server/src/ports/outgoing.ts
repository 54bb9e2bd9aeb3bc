// HTTP calls that the platform makes for a resource: discovery documents, key sets, token endpoints. Their addresses come from
// users, so where a call may go is decided here, for every call and every redirect.

export interface OutgoingCall {
  method: 'GET' | 'POST'
  /** https; http only where the operator allowed the address. */
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string
  /** From the call to the last byte of the answer, redirects included. Ten seconds when absent. */
  withinMs?: number
  /** An answer above this fails. One MiB when absent. */
  maxBytes?: number
  signal?: AbortSignal
}

export interface OutgoingAnswer {
  status: number
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/**
 * One guarded call. A GET follows three redirects, each checked like the first; a POST follows none, because it carries secrets: its
 * 3xx is the answer. Any status is an answer. Fails with PortError('outgoing', code), whose message names origin and cause, never path,
 * query or body, and may be told to the caller. Codes: 'bad-url', 'refused' (an address that is not open to the platform; the message names the flag
 * that opens it), 'not-resolved', 'unreachable', 'silent' (not within its time), 'too-large', 'redirects'.
 */
export type Outgoing = (call: OutgoingCall) => Promise<OutgoingAnswer>

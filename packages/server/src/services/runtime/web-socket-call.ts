// What the upgrade to a WebSocket says of the session that it is for. Clients that can set no header (browsers, presigned
// addresses) put the session id and the custom headers into the query. AWS: runtime-get-started-websocket.
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import type { WebSocketCall } from '#ports/web-socket.js'
import { defaultEndpoint, endpointArn, runtimeArn } from './documents.js'
import { customPrefix } from './header-allowlist.js'
import type { RuntimePorts } from './ports.js'
import { findTarget, runtimeIdOf, type Target } from './target.js'

const sessionIdHeader = 'x-amzn-bedrock-agentcore-runtime-session-id'
const userIdHeader = 'x-amzn-bedrock-agentcore-runtime-user-id'

/** As the model has them for InvokeAgentRuntime. */
const lengths: Readonly<Record<string, readonly [least: number, most: number]>> = {
  [sessionIdHeader]: [33, 256],
  [userIdHeader]: [1, 1_024],
  'x-amzn-trace-id': [0, 128],
  traceparent: [0, 128],
  tracestate: [0, 512],
  baggage: [0, 8_192],
}

export interface SessionCall {
  target: Target
  runtimeSessionId: string
  userId: string | undefined
  /** The caller's, with those that came in the query. */
  headers: Readonly<Record<string, string>>
}

/** `forUserAction`: what naming a user needs. Throws what the caller is to hear before anything is started for it. */
export async function readSessionCall(
  { store, authorizer, ids }: RuntimePorts,
  ctx: Context,
  call: WebSocketCall,
  forUserAction: string,
): Promise<SessionCall> {
  const { query } = call
  const headers = { ...queryHeaders(query, ctx.headers), ...ctx.headers }
  for (const [name, [least, most]] of Object.entries(lengths)) {
    const value = headers[name]
    if (value !== undefined && (value.length < least || value.length > most))
      throw invalid(name, `must have ${least === 0 ? `at most ${most}` : `${least} to ${most}`} characters`)
  }
  const agentRuntimeId = runtimeIdOf(ctx, call.agentRuntimeArn, query.get('accountId') ?? undefined)
  if (headers[userIdHeader] !== undefined)
    authorizer.authorize(ctx.caller, forUserAction, runtimeArn(ctx, agentRuntimeId), {
      conditions: ctx.conditions,
      endpointArn: endpointArn(ctx, agentRuntimeId, query.get('qualifier') ?? defaultEndpoint),
    })
  const target = await findTarget(store, ctx, agentRuntimeId, query.get('qualifier') ?? undefined)
  return { target, runtimeSessionId: headers[sessionIdHeader] ?? ids.uuid(), userId: headers[userIdHeader], headers }
}

/** The session's and the user's id and custom headers. One that is given in both places must say the same. */
function queryHeaders(query: URLSearchParams, headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [given, value] of query) {
    const name = given.toLowerCase()
    if (name !== sessionIdHeader && name !== userIdHeader && !name.startsWith(customPrefix)) continue
    const other = found[name] ?? headers[name]
    if (other !== undefined && other !== value) throw invalid(given, 'is given twice with different values, in the query and as a header; keep one')
    // What a header may hold: anything else could become a second header on its way to the agent.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value) || !/^[a-z0-9_-]+$/.test(name)) throw invalid(given, 'has characters that no header can carry')
    found[name] = value
  }
  return found
}

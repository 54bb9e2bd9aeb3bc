// InvokeAgentRuntime and StopRuntimeSession: the data plane of runtimes.
import type { OutgoingHttpHeaders } from 'node:http'
import type { InvokeAgentRuntimeRequest, InvokeAgentRuntimeResponse, StopRuntimeSessionRequest, StopRuntimeSessionResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { notFound, ServiceError } from '#kernel/errors.js'
import type { AgentAnswer } from '#ports/agent-link.js'
import { answerBefore, once } from '#services/idempotency/index.js'
import { type AgentRequest, askAgent } from './ask-agent.js'
import { checkMethod } from './bearer-callers.js'
import { defaultEndpoint, endpointArn, runtimeArn } from './documents.js'
import { findEndpoint, findRuntime, findVersion } from './find.js'
import { allowedHeaders } from './header-allowlist.js'
import type { RuntimePorts } from './ports.js'
import { type AgentProtocol, checkAccept, endedInEvents, mcpSessions, protocolOf, rpcRequest } from './protocols/index.js'
import type { Session } from './sessions.js'
import { findTarget, runtimeIdOf } from './target.js'

/** MCP alone takes more than POST (scopes.ts names the methods): a stream of what the server says by itself, and the end of its session. */
export type Invocation = InvokeAgentRuntimeRequest & { method?: 'GET' | 'DELETE' }

export function invocations(ports: RuntimePorts) {
  const { store, sessions, authorizer, ids, clock } = ports
  const ofMcp = mcpSessions()

  return {
    async InvokeAgentRuntime(ctx: Context, input: Invocation): Promise<InvokeAgentRuntimeResponse> {
      const agentRuntimeId = runtimeIdOf(ctx, input.agentRuntimeArn, input.accountId)
      if (input.runtimeUserId !== undefined)
        authorizer.authorize(ctx.caller, 'bedrock-agentcore:InvokeAgentRuntimeForUser', runtimeArn(ctx, agentRuntimeId), {
          conditions: ctx.conditions,
          endpointArn: endpointArn(ctx, agentRuntimeId, input.qualifier ?? defaultEndpoint),
        })
      const target = await findTarget(store, ctx, agentRuntimeId, input.qualifier)
      const isMcp = protocolOf(target.version).serverProtocol === 'MCP'
      if (input.method !== undefined && !(isMcp && input.mcpSessionId !== undefined)) throw noSuchMethod(input.method)
      if (isMcp && input.method === undefined) checkAccept(input.accept)
      const runtimeSessionId = (isMcp ? ofMcp.sessionOf(agentRuntimeId, input) : input.runtimeSessionId) ?? ids.uuid()
      if (input.method !== undefined && !sessions.find(agentRuntimeId, runtimeSessionId)) throw noSuchMethod(input.method)
      // A running session keeps its version; only a new one looks where the endpoint points.
      const workload = await ports.workloadHeaders(ctx, agentRuntimeId, input.runtimeUserId)
      const session = await sessions.enter(ctx, target, runtimeSessionId)
      const release = onlyOnce(() => sessions.leave(session))
      try {
        const call = callOf(ctx, session, input, workload)
        const answer = isMcp ? await askMcpServer(ports, ctx, session, input, call) : await askAgent(ports, ctx, session, call)
        // A stream that waits for the server to say something is no use of the session: its idle timer runs on.
        if (input.method === 'GET') release()
        else answer.once('close', release)
        if (isMcp) ofMcp.learn(session, answer.headers['mcp-session-id']?.toString())
        return outputOf(session, input, answer)
      } catch (fault) {
        release()
        throw fault
      }
    },

    async StopRuntimeSession(ctx: Context, input: StopRuntimeSessionRequest): Promise<StopRuntimeSessionResponse> {
      const agentRuntimeId = runtimeIdOf(ctx, input.agentRuntimeArn, undefined)
      const attempt = { operation: 'StopRuntimeSession', input }
      const before = await answerBefore<StopRuntimeSessionResponse>(store, ctx, attempt, clock)
      if (before) return before.output
      await findRuntime(store, ctx, agentRuntimeId)
      const { liveVersion, targetVersion } = await findEndpoint(store, ctx, agentRuntimeId, input.qualifier ?? defaultEndpoint)
      checkMethod(ctx.caller, await findVersion(store, ctx, agentRuntimeId, liveVersion ?? targetVersion))
      const session = sessions.find(agentRuntimeId, input.runtimeSessionId)
      if (!session || session.state === 'STOPPING') throw notFound('Runtime session', input.runtimeSessionId)
      await sessions.stop(session, 'StopRuntimeSession')
      return store.transaction((tx) => once(tx, ctx, attempt, clock, async () => ({ runtimeSessionId: input.runtimeSessionId, statusCode: 200 })))
    },
  }
}

function noSuchMethod(method: string): ServiceError {
  return new ServiceError(
    'MethodNotAllowedException',
    `${method} is for a running session of an MCP server, by its Mcp-Session-Id; invoke with POST.`,
  )
}

function callOf(ctx: Context, session: Session, input: InvokeAgentRuntimeRequest, workload: Readonly<Record<string, string>>): AgentRequest {
  const headers = { ...headersFor(ctx, session, input), ...workload }
  return { method: 'POST', path: session.protocol.path, headers, body: input.payload }
}

/**
 * developer guide, runtime-mcp-protocol-contract: the platform makes the session's id and puts it on the request. A stateful
 * server gives out its own in `initialize` and takes no other there; nothing on the wire says beforehand which one it is.
 */
async function askMcpServer(ports: RuntimePorts, ctx: Context, session: Session, input: Invocation, call: AgentRequest): Promise<AgentAnswer> {
  const { method } = input
  if (method)
    return askAgent(ports, ctx, session, { method, path: call.path, headers: withoutBody(call.headers, method), passes: [400, 404, 405, 409] })
  // A server that forgot its client's session says 404, and the client initializes anew: MCP's own rule.
  if (input.mcpSessionId !== undefined) return askAgent(ports, ctx, session, { ...call, passes: [404] })
  const headers = { ...call.headers, 'Mcp-Session-Id': session.runtimeSessionId }
  if (rpcRequest(input.payload).method !== 'initialize') return askAgent(ports, ctx, session, { ...call, headers })
  const answer = await askAgent(ports, ctx, session, { ...call, headers, passes: [400, 404] })
  if (answer.statusCode < 400) return answer
  answer.destroy()
  return askAgent(ports, ctx, session, call)
}

function withoutBody(
  { 'content-type': _type, 'content-length': _length, accept, ...headers }: OutgoingHttpHeaders,
  method: string,
): OutgoingHttpHeaders {
  return { ...headers, accept: method === 'GET' ? 'text/event-stream' : accept }
}

/** developer guide: runtime-service-contract, headers to the container. */
function headersFor(ctx: Context, session: Session, input: InvokeAgentRuntimeRequest): OutgoingHttpHeaders {
  const { protocol } = session
  const headers: OutgoingHttpHeaders = {
    ...allowedHeaders(session.passedHeaders, ctx.headers),
    host: protocol.host,
    'content-type': contentTypeOf(protocol, input),
    // Official MCP servers look for both forms by name, and know nothing of `*/*`.
    accept: protocol.serverProtocol === 'MCP' ? protocol.accept : (input.accept ?? protocol.accept),
    'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session.runtimeSessionId,
    'X-Amzn-Bedrock-AgentCore-Runtime-Request-Id': ctx.requestId,
  }
  const passed = {
    'Mcp-Session-Id': input.mcpSessionId,
    'Mcp-Protocol-Version': input.mcpProtocolVersion,
    'Mcp-Method': input.mcpMethod,
    'Mcp-Name': input.mcpName,
    'X-Amzn-Trace-Id': input.traceId,
    traceparent: input.traceParent,
    tracestate: input.traceState,
    baggage: input.baggage,
  }
  for (const [name, value] of Object.entries(passed)) {
    if (value !== undefined) headers[name] = value
  }
  if (input.payloadLength !== undefined) headers['content-length'] = input.payloadLength
  return headers
}

function contentTypeOf({ isJsonOnly }: AgentProtocol, { contentType = 'application/json' }: InvokeAgentRuntimeRequest): string {
  return isJsonOnly && contentType === 'application/octet-stream' ? 'application/json' : contentType
}

function outputOf(session: Session, input: InvokeAgentRuntimeRequest, answer: AgentAnswer): InvokeAgentRuntimeResponse {
  const { runtimeSessionId, protocol } = session
  const one = (name: string) => answer.headers[name]?.toString()
  const isEvents = protocol.serverProtocol === 'AGUI' && one('content-type')?.startsWith('text/event-stream')
  return {
    runtimeSessionId,
    // A 205 has no body (RFC 9110, 15.3.6): what an agent sends with one would count as the beginning of the next answer.
    statusCode: answer.statusCode === 205 ? 200 : answer.statusCode,
    contentType: one('content-type') ?? 'application/octet-stream',
    mcpSessionId: one('mcp-session-id') ?? input.mcpSessionId ?? (protocol.serverProtocol === 'MCP' ? runtimeSessionId : undefined),
    mcpProtocolVersion: one('mcp-protocol-version') ?? input.mcpProtocolVersion,
    traceId: one('x-amzn-trace-id') ?? input.traceId,
    traceParent: one('traceparent') ?? input.traceParent,
    traceState: one('tracestate') ?? input.traceState,
    baggage: one('baggage') ?? input.baggage,
    response: isEvents ? endedInEvents(answer, () => brokeOff(session)) : answer,
  }
}

function brokeOff({ agentRuntimeId, runtimeSessionId, ending }: Session): string {
  if (ending.signal.aborted) return `Session ${runtimeSessionId} ended while the agent was answering: ${String(ending.signal.reason?.message)}.`
  return `The agent of ${agentRuntimeId} broke off its answer. Its output is in \`agentworks logs ${agentRuntimeId}\`.`
}

function onlyOnce(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}

// InvokeAgentRuntimeWithWebSocketStream: a client's WebSocket, passed on to the agent's own.
import type { Context } from '#kernel/context.js'
import { invalid, ServiceError } from '#kernel/errors.js'
import { type WebSocketCall, type WebSocketConnection, WebSocketRefused, type WebSocketRoute } from '#ports/web-socket.js'
import { noteToAgent } from './agent-note.js'
import { faultOfAgent } from './ask-agent.js'
import { allowedHeaders } from './header-allowlist.js'
import { answerMs } from './limits.js'
import type { RuntimePorts } from './ports.js'
import { protocolOf } from './protocols/index.js'
import type { Session } from './sessions.js'
import { bridge } from './web-socket-bridge.js'
import { readSessionCall, type SessionCall } from './web-socket-call.js'

export function agentWebSocket(ports: RuntimePorts): WebSocketRoute {
  return { path: '/ws', name: 'InvokeAgentRuntimeWithWebSocketStream', open: (ctx, call) => open(ports, ctx, call) }
}

async function open(ports: RuntimePorts, ctx: Context, call: WebSocketCall): Promise<void> {
  const { sessions } = ports
  const sessionCall = await readSessionCall(ports, ctx, call, 'bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStreamForUser')
  const { target, runtimeSessionId } = sessionCall
  const { serverProtocol, webSocketPath } = protocolOf(target.version)
  if (webSocketPath === undefined)
    throw invalid('agentRuntimeArn', `${target.arn} speaks ${serverProtocol}, which has no WebSocket; use InvokeAgentRuntime`)
  const session = await sessions.enter(ctx, target, runtimeSessionId)
  try {
    const agent = await toAgent(ports, ctx, session, { path: webSocketPath, call, sessionCall })
    const client = acceptFor(agent, call, session)
    join(ports, session, client, agent)
  } catch (fault) {
    sessions.leave(session)
    throw fault
  }
}

/** Opened first: an agent that refuses is an error answer, which after the upgrade would only be a close code. */
async function toAgent(
  ports: RuntimePorts,
  ctx: Context,
  session: Session,
  { path, call, sessionCall }: { path: string; call: WebSocketCall; sessionCall: SessionCall },
): Promise<WebSocketConnection> {
  const { link } = session
  if (!link) throw new ServiceError('RetryableConflictException', `Session ${session.runtimeSessionId} is not up. Retry in a moment.`)
  try {
    return await ports.connectWebSocket({
      socketPath: link.socketPath,
      host: session.protocol.host,
      path,
      headers: { ...headersFor(ctx, session, sessionCall), ...(await ports.workloadHeaders(ctx, session.agentRuntimeId, sessionCall.userId)) },
      subprotocols: call.subprotocols,
      answerMs,
      signal: AbortSignal.any([ctx.signal, session.ending.signal]),
    })
  } catch (fault) {
    if (!(fault instanceof WebSocketRefused)) throw await faultOfAgent(ports, ctx, session, fault)
    noteToAgent(
      ports,
      session,
      `The upgrade of GET ${path} to a WebSocket was answered with ${fault.status}. A WebSocket at that path would be answered with 101.`,
    )
    throw new ServiceError(
      'RuntimeClientError',
      `Received error (${fault.status}) from the runtime when its WebSocket at ${path} was opened. The agent's output is in \`agentworks logs ${session.agentRuntimeId}\`.`,
      { cause: fault },
    )
  }
}

function headersFor(ctx: Context, session: Session, { headers }: SessionCall): Record<string, string> {
  const passed: Record<string, string> = {
    ...allowedHeaders(session.passedHeaders, headers),
    'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session.runtimeSessionId,
    'X-Amzn-Bedrock-AgentCore-Runtime-Request-Id': ctx.requestId,
  }
  for (const name of ['X-Amzn-Trace-Id', 'traceparent', 'tracestate', 'baggage']) {
    const value = headers[name.toLowerCase()]
    if (value !== undefined) passed[name] = value
  }
  return passed
}

function acceptFor(agent: WebSocketConnection, call: WebSocketCall, { runtimeSessionId }: Session): WebSocketConnection {
  try {
    return call.accept({
      ...(agent.subprotocol !== '' && { subprotocol: agent.subprotocol }),
      headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': runtimeSessionId },
    })
  } catch (fault) {
    agent.close(1001, 'the client went away')
    throw fault
  }
}

/** From here on frames keep the session from idling, not the open connection. AWS: runtime-lifecycle-settings. */
function join(ports: RuntimePorts, session: Session, client: WebSocketConnection, agent: WebSocketConnection): void {
  const { sessions, clock } = ports
  const { signal } = session.ending
  const cut = () => {
    const why = String(signal.reason?.message ?? 'it was stopped')
    // STOPPED without STOPPING before: the agent ended by itself.
    if (session.state === 'STOPPED') client.close(1011, 'the agent ended')
    else client.close(1001, `the session ends: ${why}`)
  }
  session.webSockets += 1
  session.lastActivityAt = clock.now()
  signal.addEventListener('abort', cut, { once: true })
  bridge(client, agent, {
    used() {
      session.lastActivityAt = clock.now()
    },
    agentBrokeOff() {
      if (!signal.aborted) noteToAgent(ports, session, 'The agent broke off a WebSocket without a close frame.')
    },
    ended() {
      signal.removeEventListener('abort', cut)
      const { lastActivityAt } = session
      session.webSockets -= 1
      sessions.leave(session)
      // A connection that was silent for long has not used the session by ending.
      session.lastActivityAt = lastActivityAt
    },
  })
  if (signal.aborted) cut()
}

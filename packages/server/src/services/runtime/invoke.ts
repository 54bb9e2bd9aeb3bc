// InvokeAgentRuntime and StopRuntimeSession: the data plane of runtimes.
import type { OutgoingHttpHeaders } from 'node:http'
import type { InvokeAgentRuntimeRequest, InvokeAgentRuntimeResponse, StopRuntimeSessionRequest, StopRuntimeSessionResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { notFound, ServiceError } from '#kernel/errors.js'
import { type AgentAnswer, AgentUnreachable } from '#ports/agent-link.js'
import { answerBefore, once } from '#services/idempotency/index.js'
import { agentHost } from './agent-host.js'
import { noteToAgent } from './agent-note.js'
import { defaultEndpoint, runtimeArn } from './documents.js'
import { findEndpoint, findRuntime } from './find.js'
import { allowedHeaders } from './header-allowlist.js'
import { answerMs, streamMs } from './limits.js'
import type { RuntimePorts } from './ports.js'
import type { Session } from './sessions.js'
import { findTarget, runtimeIdOf } from './target.js'

export function invocations(ports: RuntimePorts) {
  const { store, sessions, authorizer, ids, clock } = ports

  return {
    async InvokeAgentRuntime(ctx: Context, input: InvokeAgentRuntimeRequest): Promise<InvokeAgentRuntimeResponse> {
      const agentRuntimeId = runtimeIdOf(ctx, input.agentRuntimeArn, input.accountId)
      if (input.runtimeUserId !== undefined)
        authorizer.authorize(ctx.caller, 'bedrock-agentcore:InvokeAgentRuntimeForUser', runtimeArn(ctx, agentRuntimeId))
      const runtimeSessionId = input.runtimeSessionId ?? ids.uuid()
      const running = sessions.find(agentRuntimeId, runtimeSessionId)
      // A running session keeps its version; only a new one looks where the endpoint points.
      const target = await findTarget(store, ctx, agentRuntimeId, input.qualifier)
      const session = await sessions.enter(ctx, target, running?.runtimeSessionId ?? runtimeSessionId)
      const release = onlyOnce(() => sessions.leave(session))
      try {
        const answer = await askAgent(ports, ctx, session, input)
        answer.once('close', release)
        return outputOf(input, runtimeSessionId, answer)
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
      await findEndpoint(store, ctx, agentRuntimeId, input.qualifier ?? defaultEndpoint)
      const session = sessions.find(agentRuntimeId, input.runtimeSessionId)
      if (!session || session.state === 'STOPPING') throw notFound('Runtime session', input.runtimeSessionId)
      await sessions.stop(session, 'StopRuntimeSession')
      return store.transaction((tx) => once(tx, ctx, attempt, clock, async () => ({ runtimeSessionId: input.runtimeSessionId, statusCode: 200 })))
    },
  }
}

async function askAgent(ports: RuntimePorts, ctx: Context, session: Session, input: InvokeAgentRuntimeRequest): Promise<AgentAnswer> {
  const { link } = session
  if (!link) throw new ServiceError('RetryableConflictException', `Session ${session.runtimeSessionId} is not up. Retry in a moment.`)
  const signals = [ctx.signal, session.ending.signal]
  try {
    const answer = await link.call({
      method: 'POST',
      path: '/invocations',
      headers: headersFor(ctx, session, input),
      body: input.payload,
      answerMs,
      signals,
    })
    if (answer.statusCode >= 400) throw await refusedByAgent(ports, session, answer)
    watchStream(ports, session, answer, signals)
    return answer
  } catch (fault) {
    if (fault instanceof AgentUnreachable && fault.kind !== 'silent') await reasonOfEnd(session)
    throw translated(ports, ctx, session, fault)
  }
}

// A broken connection is felt before the end of the process is: only with that does the caller learn why.
const reasonMs = 500

function reasonOfEnd({ ending: { signal } }: Session): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, reasonMs)
    signal.addEventListener('abort', done)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** developer guide: runtime-service-contract, headers to the container. */
function headersFor(ctx: Context, session: Session, input: InvokeAgentRuntimeRequest): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ...allowedHeaders(session.requestHeaderAllowlist, ctx.headers),
    ...agentHost,
    'content-type': input.contentType ?? 'application/json',
    accept: input.accept ?? '*/*',
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

function outputOf(input: InvokeAgentRuntimeRequest, runtimeSessionId: string, answer: AgentAnswer): InvokeAgentRuntimeResponse {
  const one = (name: string) => answer.headers[name]?.toString()
  return {
    runtimeSessionId,
    statusCode: answer.statusCode,
    contentType: one('content-type') ?? 'application/octet-stream',
    mcpSessionId: one('mcp-session-id') ?? input.mcpSessionId,
    mcpProtocolVersion: one('mcp-protocol-version') ?? input.mcpProtocolVersion,
    traceId: one('x-amzn-trace-id') ?? input.traceId,
    traceParent: one('traceparent') ?? input.traceParent,
    traceState: one('tracestate') ?? input.traceState,
    baggage: one('baggage') ?? input.baggage,
    response: answer,
  }
}

/** A stream that the agent breaks off, or that outlives AWS's limit, is cut; the log says why. */
function watchStream({ clock, log }: RuntimePorts, session: Session, answer: AgentAnswer, signals: readonly AbortSignal[]) {
  const cancel = clock.after(streamMs, () => answer.destroy(new Error(`a stream lasts at most ${streamMs / 60_000} minutes`)))
  answer.once('close', cancel)
  answer.once('error', (fault) => {
    if (signals.some((signal) => signal.aborted)) return
    log.warn('answer broke off', { agentRuntimeId: session.agentRuntimeId, runtimeSessionId: session.runtimeSessionId, error: fault.message })
  })
}

/** The caller hears the status, as on AWS; the agent's owner finds what it said in the agent's log. */
async function refusedByAgent(ports: RuntimePorts, session: Session, answer: AgentAnswer): Promise<ServiceError> {
  const said = await beginningOf(ports, answer)
  noteToAgent(ports, session, `POST /invocations was answered with ${answer.statusCode}: ${said || '(an empty body)'}`)
  return new ServiceError(
    'RuntimeClientError',
    `Received error (${answer.statusCode}) from the runtime. The agent's output is in \`agentworks logs ${session.agentRuntimeId}\`.`,
  )
}

const longestQuote = 2_000
const quoteMs = 1_000

async function beginningOf({ clock }: RuntimePorts, answer: AgentAnswer): Promise<string> {
  let text = ''
  const cancel = clock.after(quoteMs, () => answer.destroy())
  try {
    for await (const piece of answer) {
      text += String(piece)
      if (text.length > longestQuote) break
    }
  } catch {
    // What came before it broke off is all there is to quote.
  }
  cancel()
  answer.destroy()
  return text.slice(0, longestQuote)
}

function translated({ log }: RuntimePorts, ctx: Context, session: Session, fault: unknown): unknown {
  if (fault instanceof ServiceError) return fault
  const facts = { requestId: ctx.requestId, agentRuntimeId: session.agentRuntimeId, runtimeSessionId: session.runtimeSessionId }
  if (session.ending.signal.aborted)
    return new ServiceError(
      'RuntimeClientError',
      `Session ${session.runtimeSessionId} ended while the agent worked on this request: ${String(session.ending.signal.reason?.message ?? 'it was stopped')}.`,
    )
  if (!(fault instanceof AgentUnreachable)) return fault
  log.warn('agent did not answer', { ...facts, kind: fault.kind, error: fault.cause instanceof Error ? fault.cause.message : undefined })
  if (fault.kind === 'silent')
    return new ServiceError('GatewayTimeoutException', `The agent of ${session.agentRuntimeId} gave no answer within ${answerMs / 60_000} minutes.`)
  return new ServiceError(
    'RuntimeClientError',
    `The agent of ${session.agentRuntimeId} ended the connection without an answer. Its output is in \`agentworks logs ${session.agentRuntimeId}\`.`,
  )
}

function onlyOnce(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}

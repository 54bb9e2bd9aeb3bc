// One request to the agent of a session, and what its failures are called.
import type { OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import { type AgentAnswer, AgentUnreachable } from '#ports/agent-link.js'
import { noteToAgent } from './agent-note.js'
import { answerMs, streamMs } from './limits.js'
import type { RuntimePorts } from './ports.js'
import type { Session } from './sessions.js'

/** What one request to an agent says. */
export interface AgentRequest {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers: OutgoingHttpHeaders
  body?: Readable | Buffer
  /** Error answers that are for the caller to hear. */
  passes?: readonly number[]
}

export async function askAgent(ports: RuntimePorts, ctx: Context, session: Session, request: AgentRequest): Promise<AgentAnswer> {
  const { link } = session
  if (!link) throw new ServiceError('RetryableConflictException', `Session ${session.runtimeSessionId} is not up. Retry in a moment.`)
  const signals = [ctx.signal, session.ending.signal]
  try {
    const { method, path, headers, body, passes = [] } = request
    const answer = await link.call({ method, path, headers, body, answerMs, signals })
    const { statusCode } = answer
    // A redirect too: nobody follows it, and its caller could not reach the place.
    if (statusCode >= 300 && !passes.includes(statusCode)) throw await refusedByAgent(ports, session, `${method} ${path}`, answer)
    watchStream(ports, session, answer, signals)
    return answer
  } catch (fault) {
    throw await faultOfAgent(ports, ctx, session, fault)
  }
}

/** What the caller hears of a call to the agent that failed. */
export async function faultOfAgent(ports: RuntimePorts, ctx: Context, session: Session, fault: unknown): Promise<unknown> {
  if (fault instanceof AgentUnreachable && fault.kind !== 'silent') await reasonOfEnd(session)
  return translated(ports, ctx, session, fault)
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

/** A stream that the agent breaks off, or that outlives AWS's limit, is cut; the log says why. */
function watchStream({ clock, log }: RuntimePorts, session: Session, answer: AgentAnswer, signals: readonly AbortSignal[]) {
  const cancel = clock.after(streamMs, () => answer.destroy(brokeOff(`a stream lasts at most ${streamMs / 60_000} minutes`)))
  answer.once('close', cancel)
  answer.once('error', (fault) => {
    if (signals.some((signal) => signal.aborted)) return
    log.warn('answer broke off', { agentRuntimeId: session.agentRuntimeId, runtimeSessionId: session.runtimeSessionId, error: causeOf(fault) })
  })
}

const brokeOff = (why: string) => new AgentUnreachable('broke', { cause: new Error(why) })
const causeOf = ({ message, cause }: Error) => (cause instanceof Error ? cause.message : message)

/** The caller hears the status, as on AWS; the agent's owner finds what it said in the agent's log. */
async function refusedByAgent(ports: RuntimePorts, session: Session, request: string, answer: AgentAnswer): Promise<ServiceError> {
  const said = await beginningOf(ports, answer)
  noteToAgent(ports, session, `${request} was answered with ${answer.statusCode}: ${said || '(an empty body)'}`)
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

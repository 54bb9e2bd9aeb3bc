// InvokeAgentRuntimeCommandShell: terminals inside a session, each kept for the client that comes back with its id.
import type { Context } from '#kernel/context.js'
import { conflict, ServiceError } from '#kernel/errors.js'
import type { WebSocketCall, WebSocketRoute } from '#ports/web-socket.js'
import { noteToAgent } from './agent-note.js'
import { executeIn } from './execute-in.js'
import { shellsPerSession } from './limits.js'
import type { RuntimePorts } from './ports.js'
import type { Session } from './sessions.js'
import { runningShell, type Shell } from './shell.js'
import { readSessionCall } from './web-socket-call.js'

const shellIdHeader = 'X-Amzn-Bedrock-AgentCore-Shell-Id'

/** `undefined` while it is started. */
type ShellsOfSession = Map<string, Shell | undefined>

export function agentShells(ports: RuntimePorts): WebSocketRoute {
  const shells = new WeakMap<Session, ShellsOfSession>()
  const ofSession = (session: Session): ShellsOfSession => {
    const known = shells.get(session) ?? new Map<string, Shell | undefined>()
    shells.set(session, known)
    return known
  }

  async function open(ctx: Context, call: WebSocketCall): Promise<void> {
    const shellId = shellIdOf(ctx, call) ?? ports.ids.uuid()
    const { target, runtimeSessionId } = await readSessionCall(ports, ctx, call, 'bedrock-agentcore:InvokeAgentRuntimeForUser')
    const session = await ports.sessions.enter(ctx, target, runtimeSessionId)
    try {
      const shell = await running(ctx, session, shellId)
      const connection = call.accept({
        headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': session.runtimeSessionId, [shellIdHeader]: shellId },
      })
      // From here on frames keep the session from idling, as with every WebSocket.
      session.webSockets += 1
      session.lastActivityAt = ports.clock.now()
      shell.attach(
        connection,
        cutWith(session, connection, () => leave(session)),
      )
    } catch (fault) {
      ports.sessions.leave(session)
      throw fault
    }
  }

  async function running(ctx: Context, session: Session, shellId: string): Promise<Shell> {
    const all = ofSession(session)
    const known = all.get(shellId)
    if (known) return known
    if (all.has(shellId)) throw conflict(`Another connection opens the shell ${shellId} at this moment. Retry after a second.`)
    if (all.size >= shellsPerSession)
      throw new ServiceError(
        'RuntimeClientError',
        `${all.size} shells are open in session ${session.runtimeSessionId}, which is the most. Close one (exit, or a frame of channel 255), or open one of them again by its shellId.`,
      )
    all.set(shellId, undefined)
    try {
      const execution = await executeIn(session, { command: ['/bin/bash'], env: { TERM: 'xterm-256color' }, terminal: { columns: 80, rows: 24 } })
      // AWS: the request's id and what it was for are logged, what is typed and shown is not.
      noteToAgent(ports, session, `Shell ${shellId} was opened by request ${ctx.requestId}.`)
      const ended = () => {
        all.delete(shellId)
        noteToAgent(ports, session, `Shell ${shellId} ended.`)
      }
      const shell = runningShell({ shellId, session, execution, clock: ports.clock, ended })
      all.set(shellId, shell)
      return shell
    } catch (fault) {
      all.delete(shellId)
      throw fault
    }
  }

  function leave(session: Session): void {
    const { lastActivityAt } = session
    session.webSockets -= 1
    ports.sessions.leave(session)
    // A connection that was silent for long has not used the session by ending.
    session.lastActivityAt = lastActivityAt
  }

  return { path: '/ws/shells', name: 'InvokeAgentRuntimeCommandShell', open }
}

/** A session that stops takes its time; its clients hear of it at once. */
function cutWith({ ending: { signal } }: Session, connection: { close(code: number, reason: string): void }, left: () => void): () => void {
  const cut = () => connection.close(1001, `the session ends: ${String(signal.reason?.message ?? 'it was stopped')}`)
  signal.addEventListener('abort', cut, { once: true })
  if (signal.aborted) cut()
  return () => {
    signal.removeEventListener('abort', cut)
    left()
  }
}

function shellIdOf({ headers }: Context, { query }: WebSocketCall): string | undefined {
  const shellId = query.get('shellId') ?? headers[shellIdHeader.toLowerCase()]
  if (shellId === undefined || /^[A-Za-z0-9_-]{1,128}$/.test(shellId)) return shellId
  // AWS: a malformed id is the runtime's refusal, not a ValidationException (runtime-get-started-command-shell).
  throw new ServiceError('RuntimeClientError', `shellId: must have 1 to 128 characters of A-Z, a-z, 0-9, "_" and "-".`)
}

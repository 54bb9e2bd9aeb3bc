// InvokeAgentRuntimeCommand: one bash beside the agent, its output as events while it comes.
import { StringDecoder } from 'node:string_decoder'
import type { InvokeAgentRuntimeCommandRequest, InvokeAgentRuntimeCommandResponse, ResponseChunk } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, ServiceError } from '#kernel/errors.js'
import type { Execution } from '#ports/sandbox.js'
import { noteToAgent } from './agent-note.js'
import { executeIn, exitCodeOf } from './execute-in.js'
import { commandBytes, commandSeconds } from './limits.js'
import type { RuntimePorts } from './ports.js'
import type { Session } from './sessions.js'
import { findTarget, runtimeIdOf } from './target.js'

interface Running {
  execution: Execution
  session: Session
  requestId: string
  timeout: number
  end(): void
}

export function commands(ports: RuntimePorts) {
  const { store, sessions, ids } = ports

  return {
    async InvokeAgentRuntimeCommand(ctx: Context, input: InvokeAgentRuntimeCommandRequest): Promise<InvokeAgentRuntimeCommandResponse> {
      const { command, timeout = commandSeconds.default } = input.body
      check(command, timeout)
      const agentRuntimeId = runtimeIdOf(ctx, input.agentRuntimeArn, input.accountId)
      const target = await findTarget(store, ctx, agentRuntimeId, input.qualifier)
      const session = await sessions.enter(ctx, target, input.runtimeSessionId ?? ids.uuid())
      try {
        const execution = await executeIn(session, { command: ['/bin/bash', '-c', command] })
        // AWS: the command and the request's id are logged, the output is not (runtime-execute-command).
        noteToAgent(ports, session, `Command ${ctx.requestId}: ${command}`)
        const end = endOf(ctx, execution, () => sessions.leave(session))
        return {
          runtimeSessionId: session.runtimeSessionId,
          statusCode: 200,
          contentType: 'application/vnd.amazon.eventstream',
          traceId: input.traceId,
          traceParent: input.traceParent,
          traceState: input.traceState,
          baggage: input.baggage,
          stream: inChunks(events(ports, { execution, session, requestId: ctx.requestId, timeout, end })),
        }
      } catch (fault) {
        sessions.leave(session)
        throw fault
      }
    },
  }
}

function check(command: string, timeout: number): void {
  const { least, most } = commandSeconds
  if (timeout < least || timeout > most) throw invalid('body.timeout', `must be between ${least} and ${most} seconds`)
  if (Buffer.byteLength(command) > commandBytes) throw invalid('body.command', `must have at most ${commandBytes} bytes in UTF-8`)
  if (command.includes('\0')) throw invalid('body.command', 'holds a zero byte, which no command line can')
}

/** Safe to call twice. A client that leaves before the first event is read would otherwise leave its command behind. */
function endOf({ signal }: Context, execution: Execution, leave: () => void): () => void {
  let over = false
  const end = () => {
    if (over) return
    over = true
    signal.removeEventListener('abort', end)
    execution.kill()
    leave()
  }
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  return end
}

async function* events(ports: RuntimePorts, { execution, session, requestId, timeout, end }: Running): AsyncGenerator<ResponseChunk> {
  let isLate = false
  const cancel = ports.clock.after(timeout * 1000, () => {
    isLate = true
    execution.kill()
  })
  // A character can come in two pieces.
  const text = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }
  try {
    yield { contentStart: {} }
    for await (const { stream, bytes } of execution.output) {
      const piece = text[stream].write(bytes)
      if (piece !== '') yield { contentDelta: { [stream]: piece } }
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = text[stream].end()
      if (rest !== '') yield { contentDelta: { [stream]: rest } }
    }
    const { code, signal } = await execution.exited
    if (!isLate && session.ending.signal.aborted) throw cutOff(session)
    const exitCode = isLate ? -1 : (code ?? exitCodeOf(signal))
    noteToAgent(ports, session, `Command ${requestId} ${isLate ? `was ended after ${timeout} s` : `ended with ${exitCode}`}.`)
    yield { contentStop: { exitCode, status: isLate ? 'TIMED_OUT' : 'COMPLETED' } }
  } finally {
    cancel()
    end()
  }
}

async function* inChunks(source: AsyncIterable<ResponseChunk>) {
  for await (const chunk of source) yield { chunk }
}

function cutOff({ runtimeSessionId, ending }: Session): ServiceError {
  const why = ending.signal.reason instanceof Error ? ending.signal.reason.message : 'it was stopped'
  return new ServiceError('RuntimeClientError', `Session ${runtimeSessionId} ended while the command ran: ${why}.`)
}

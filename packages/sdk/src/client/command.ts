// A command beside an agent: its output as it comes, then its end.
import { type BedrockAgentCoreClient, InvokeAgentRuntimeCommandCommand } from '@aws-sdk/client-bedrock-agentcore'
import { InvalidCall } from './invalid-call.js'
import { withHeaders } from './own-headers.js'
import { checkTarget, type Target } from './target.js'

export interface CommandCall extends Target {
  /** A line for bash, at most 64 KiB. */
  command: string
  /** Seconds, from 1 to 3600; 300 when absent. */
  timeout?: number
  signal?: AbortSignal
}

export interface CommandOutput {
  stream: 'stdout' | 'stderr'
  text: string
}

export interface CommandEnd {
  /** -1 when it was ended for its timeout. */
  exitCode: number
  status: 'COMPLETED' | 'TIMED_OUT'
}

/** Iterate for the output as it comes, then await `ended`; `ended` alone reads to the end. */
export interface RunningCommand extends AsyncIterable<CommandOutput> {
  readonly runtimeSessionId: string
  ended(): Promise<CommandEnd>
}

export async function runCommand(data: BedrockAgentCoreClient, call: CommandCall): Promise<RunningCommand> {
  const { command, timeout, signal, headers, agentRuntimeArn, qualifier, runtimeSessionId } = call
  checkTarget(call)
  if (call.runtimeUserId !== undefined) throw new InvalidCall('runtimeUserId', 'means nothing to a command', 'Leave it out')
  if (command === '' || Buffer.byteLength(command) > 65_536)
    throw new InvalidCall('command', `has ${Buffer.byteLength(command)} bytes`, 'It must have 1 to 65536')
  if (timeout !== undefined && (!Number.isInteger(timeout) || timeout < 1 || timeout > 3_600))
    throw new InvalidCall('timeout', `${timeout} is no time that a command may take`, 'It is a whole number of seconds from 1 to 3600')
  const wish = new InvokeAgentRuntimeCommandCommand({ agentRuntimeArn, qualifier, runtimeSessionId, body: { command, timeout } })
  const output = await data.send(withHeaders(wish, headers), { abortSignal: signal })
  let end: CommandEnd | undefined

  async function* pieces(): AsyncGenerator<CommandOutput, void, undefined> {
    for await (const { chunk } of output.stream ?? []) {
      const { stdout, stderr } = chunk?.contentDelta ?? {}
      if (stdout) yield { stream: 'stdout', text: stdout }
      if (stderr) yield { stream: 'stderr', text: stderr }
      if (chunk?.contentStop) end = { exitCode: chunk.contentStop.exitCode ?? -1, status: chunk.contentStop.status ?? 'COMPLETED' }
    }
  }

  const reading = pieces()
  return {
    runtimeSessionId: output.runtimeSessionId ?? runtimeSessionId ?? '',
    [Symbol.asyncIterator]: () => reading,
    async ended() {
      for await (const _ of reading);
      if (!end) throw new Error('the output of the command broke off before its end was told')
      return end
    },
  }
}

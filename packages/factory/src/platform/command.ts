// One command beside an agent, its output as it comes.
import { type BedrockAgentCoreClient, InvokeAgentRuntimeCommandCommand } from '@aws-sdk/client-bedrock-agentcore'

export interface CommandWish {
  agentRuntimeArn: string
  runtimeSessionId: string
  command: string
  /** Seconds. */
  timeout?: number
  signal?: AbortSignal
}

export interface CommandEnd {
  exitCode: number
  status: string
}

export async function runCommand(
  data: BedrockAgentCoreClient,
  { command, timeout, signal, ...session }: CommandWish,
  onOutput: (stream: 'stdout' | 'stderr', text: string) => void,
): Promise<CommandEnd> {
  const { stream } = await data.send(new InvokeAgentRuntimeCommandCommand({ ...session, body: { command, timeout } }), { abortSignal: signal })
  let end: CommandEnd | undefined
  for await (const { chunk } of stream ?? []) {
    if (chunk?.contentDelta?.stdout) onOutput('stdout', chunk.contentDelta.stdout)
    if (chunk?.contentDelta?.stderr) onOutput('stderr', chunk.contentDelta.stderr)
    if (chunk?.contentStop) end = { exitCode: chunk.contentStop.exitCode ?? -1, status: chunk.contentStop.status ?? 'COMPLETED' }
  }
  if (!end) throw new Error('the stream of the command broke off before its end was told')
  return end
}

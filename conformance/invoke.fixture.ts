// Calling an agent, and reading how a call failed.
import { InvokeAgentRuntimeCommand, type InvokeAgentRuntimeCommandInput } from '@aws-sdk/client-bedrock-agentcore'
import type { Clients } from './platform.fixture.ts'

/** Session ids have 33 characters at least. */
export const session = (name: string) => `${name}-${'0'.repeat(33)}`

export async function invoke({ data }: Clients, agentRuntimeArn: string, input: unknown, more: Partial<InvokeAgentRuntimeCommandInput> = {}) {
  const answer = await data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from(JSON.stringify(input)), ...more }))
  return { ...answer, body: JSON.parse((await answer.response?.transformToString()) ?? 'null') }
}

/** The items of an agent's stream as they come; whoever leaves the loop leaves the agent. */
export async function* streamed(
  { data }: Clients,
  agentRuntimeArn: string,
  input: unknown,
  more: Partial<InvokeAgentRuntimeCommandInput> = {},
): AsyncGenerator<unknown, void, undefined> {
  const payload = Buffer.from(JSON.stringify(input))
  const answer = await data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload, accept: 'text/event-stream', ...more }))
  let text = ''
  for await (const piece of answer.response as AsyncIterable<Uint8Array>) {
    text += Buffer.from(piece).toString()
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const item = /^data: ?(.*)$/m.exec(event)?.[1]
      if (item !== undefined) yield JSON.parse(item)
    }
  }
}

export async function errorOf(work: Promise<unknown>): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await work
  } catch (error) {
    if (error instanceof Error)
      return { name: error.name, message: error.message, status: (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode }
  }
  throw new Error('the call did not fail')
}

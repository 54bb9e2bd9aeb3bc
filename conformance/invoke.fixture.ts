// Calling an agent, and reading how a call failed.
import { InvokeAgentRuntimeCommand, type InvokeAgentRuntimeCommandInput } from '@aws-sdk/client-bedrock-agentcore'
import type { Clients } from './platform.fixture.ts'

/** Session ids have 33 characters at least. */
export const session = (name: string) => `${name}-${'0'.repeat(33)}`

export async function invoke({ data }: Clients, agentRuntimeArn: string, input: unknown, more: Partial<InvokeAgentRuntimeCommandInput> = {}) {
  const answer = await data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from(JSON.stringify(input)), ...more }))
  return { ...answer, body: JSON.parse((await answer.response?.transformToString()) ?? 'null') }
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

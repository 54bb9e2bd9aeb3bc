// Asking a guest with AWS's SDK. A guest that does not answer is only understood with its own output.
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import type { Clients, RunningPlatform } from '../conformance/platform.fixture.ts'
import type { CommandLine } from './command-line.ts'
import type { Results } from './results.ts'

export interface GuestWorld {
  results: Results
  platform: RunningPlatform
  cli: CommandLine
  clients: Clients
}

export async function answerOf(world: GuestWorld, name: string, payload: unknown): Promise<unknown> {
  return JSON.parse(await asked(world, name, payload))
}

/** What a stream of server-sent events holds. */
export async function itemsOf(world: GuestWorld, name: string, payload: unknown): Promise<unknown[]> {
  const text = await asked(world, name, payload, 'text/event-stream')
  return [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data = '']) => JSON.parse(data))
}

async function asked({ clients, cli }: GuestWorld, name: string, payload: unknown, accept = 'application/json'): Promise<string> {
  try {
    const call = { payload: Buffer.from(JSON.stringify(payload)), contentType: 'application/json', accept }
    const answer = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: await arnOf(clients, name), ...call }))
    return (await answer.response?.transformToString()) ?? ''
  } catch (fault) {
    const output = (await cli.logs(name)).trim().split('\n').slice(-12).join('\n')
    throw new Error(`${String(fault)}\nits output:\n${output}`, { cause: fault })
  }
}

async function arnOf({ control }: Clients, name: string): Promise<string> {
  const { agentRuntimes = [] } = await control.send(new ListAgentRuntimesCommand({ maxResults: 100 }))
  const found = agentRuntimes.find(({ agentRuntimeName }) => agentRuntimeName === name)?.agentRuntimeArn
  if (found === undefined) throw new Error(`no runtime has the name ${name}`)
  return found
}

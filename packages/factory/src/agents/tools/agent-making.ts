// What the builder does when a tool is called, over the public API. It never deletes: its role does not allow it either.

import { createOrUpdateRuntime, findRuntime, listRuntimes, type RuntimeSummary, waitUntilReady } from '@agentworks/sdk/agent-runtimes'
import type { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { type BedrockAgentCoreControlClient, GetAgentRuntimeCommand, type GetAgentRuntimeResponse } from '@aws-sdk/client-bedrock-agentcore-control'
import type { JSONValue } from '@strands-agents/sdk'
import { answerText, invokeRuntime, stopSession } from '#platform/invocation.js'
import { agentNameRule, repairedAgentName } from './agent-name.js'
import { type AgentTemplate, type AgentWish, environmentOf, ownsRuntime } from './agent-wish.js'

export interface AgentMaking {
  control: BedrockAgentCoreControlClient
  data: BedrockAgentCoreClient
  template: AgentTemplate
  newSessionId(label: string): string
}

const readyWithinMs = 60_000

export async function deployAgent(making: AgentMaking, wish: AgentWish, rehearse: boolean): Promise<JSONValue> {
  const name = usableName(wish.name)
  await refuseForeignRuntime(making, name)
  const { agentRuntimeId, created } = await createOrUpdateRuntime(making.control, {
    agentRuntimeName: name,
    description: wish.purpose.slice(0, 200),
    agentRuntimeArtifact: {
      codeConfiguration: {
        code: { s3: { bucket: making.template.bucket, prefix: making.template.key } },
        runtime: 'NODE_22',
        entryPoint: ['main.mjs'],
      },
    },
    roleArn: making.template.roleArn,
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: 'HTTP' },
    environmentVariables: environmentOf({ ...wish, name }, making.template.memoryId),
  })
  const runtime = await waitUntilReady(making.control, agentRuntimeId, { timeoutMs: readyWithinMs })
  const trial = await tryAgent(making, { name, prompt: 'Hello! Who are you?' }, rehearse)
  const { agentRuntimeVersion: version = '', status = '' } = runtime
  const made = created ? `Made ${name}, version ${version}, ${status}.` : `Updated ${name}, which existed: version ${version}, ${status}.`
  const renamed = name === wish.name ? '' : ` (${wish.name} is no name for an agent: ${agentNameRule}.)`
  return {
    summary: `${made}${renamed} Trial: "${trial.prompt}" -> "${trial.answer.trim()}". Next: npx agentworks invoke ${name} "Hello!"`,
    name,
    ...(name === wish.name ? {} : { renamedFrom: wish.name, nameRule: agentNameRule }),
    outcome: created ? 'created' : 'updated to a new version',
    agentRuntimeArn: runtime.agentRuntimeArn ?? '',
    version,
    status,
    tools: wish.tools,
    trial,
  }
}

export async function listAgents(making: AgentMaking): Promise<JSONValue> {
  const runtimes = await listRuntimes(making.control)
  const lines = runtimes.map(({ name, status, version }) => `${name}, version ${version}, ${status}`)
  return {
    summary: `There are ${lines.length} agents:\n- ${lines.join('\n- ')}`,
    agents: runtimes.map(({ name, status, version }) => ({ name, status, version })),
  }
}

/** Of the environment only what the factory itself set: other variables may be somebody's secrets. */
export async function describeAgent(making: AgentMaking, name: string): Promise<JSONValue> {
  const found = await existing(making, name)
  const runtime = await making.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: found.agentRuntimeId }))
  const env = runtime.environmentVariables ?? {}
  return {
    name: found.name,
    status: runtime.status ?? '',
    version: runtime.agentRuntimeVersion ?? '',
    agentRuntimeArn: runtime.agentRuntimeArn ?? '',
    madeByFactory: ownsRuntime(making.template, runtime),
    purpose: env.AGENT_PURPOSE ?? runtime.description ?? '',
    systemPrompt: env.SYSTEM_PROMPT ?? '',
    tools: env.AGENT_TOOLS ? env.AGENT_TOOLS.split(',') : [],
  }
}

export async function askAgent(making: AgentMaking, question: { name: string; prompt: string }, rehearse: boolean): Promise<JSONValue> {
  const trial = await tryAgent(making, question, rehearse)
  return { summary: `${trial.agent} answered: ${trial.answer.trim()}`, ...trial }
}

async function tryAgent(making: AgentMaking, { name, prompt }: { name: string; prompt: string }, rehearse: boolean) {
  const found = await existing(making, name)
  if (found.name === 'builder') throw new Error('the builder does not ask itself')
  const session = { agentRuntimeArn: found.agentRuntimeArn, runtimeSessionId: making.newSessionId('builder-trial') }
  try {
    const answer = await invokeRuntime(making.data, { ...session, payload: rehearse ? { prompt, rehearse } : { prompt } })
    return { agent: found.name, prompt, answer: await answerText(answer) }
  } finally {
    await stopSession(making.data, session)
  }
}

function usableName(wanted: string): string {
  const name = repairedAgentName(wanted)
  if (!name) throw new Error(`"${wanted}" cannot become the name of an agent; a name is ${agentNameRule}`)
  if (name === 'builder') throw new Error('"builder" is the name of the builder itself; choose another')
  return name
}

/** What somebody deployed with code of their own must not turn into a generic agent because the names are equal. */
async function refuseForeignRuntime(making: AgentMaking, name: string): Promise<void> {
  const found = await findRuntime(making.control, name)
  if (!found) return
  const runtime: GetAgentRuntimeResponse = await making.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: found.agentRuntimeId }))
  if (!ownsRuntime(making.template, runtime)) throw new Error(`${name} exists and was not made by the factory; choose another name`)
}

async function existing(making: AgentMaking, wanted: string): Promise<RuntimeSummary> {
  const runtimes = await listRuntimes(making.control)
  const repaired = repairedAgentName(wanted)
  const found =
    runtimes.find(({ name }) => name === wanted || name === repaired) ?? runtimes.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  if (!found) throw new Error(`there is no agent named ${wanted}; there are: ${runtimes.map(({ name }) => name).join(', ') || 'none'}`)
  return found
}

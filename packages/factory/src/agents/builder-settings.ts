// The builder's own environment: where the generic agent's code lies and which role its agents get.
import { type Environment, region, required } from './required-variables.js'
import type { AgentTemplate } from './tools/agent-wish.js'

export interface BuilderSettings {
  modelId: string
  region: string
  template: AgentTemplate
}

export function builderSettings(env: Environment): BuilderSettings {
  return {
    modelId: env.MODEL_ID || 'default',
    region: region(env),
    template: {
      bucket: required(env, 'GENERIC_AGENT_S3_BUCKET'),
      key: required(env, 'GENERIC_AGENT_S3_KEY'),
      roleArn: required(env, 'AGENT_ROLE_ARN'),
      ...(env.AGENT_MEMORY_ID && { memoryId: env.AGENT_MEMORY_ID }),
    },
  }
}

export const builderSystemPrompt = [
  'You are the builder of an agent factory. You create agents from what people ask for in plain words, and try them.',
  'To create or change an agent, call deploy_agent once: a short name, its purpose in one sentence, a system prompt that makes it do that job well,',
  'and only those of the built-in tools that the job needs. It deploys the agent, waits until it is ready and tries it once.',
  'Creating an agent under a name that exists makes a new version of it: say so.',
  'Use list_agents and get_agent to look before you answer questions about agents, and invoke_agent to try one.',
  'Report what the tools returned: the name really used, version, status, and what the agent answered. Never claim what no tool confirmed.',
  'You cannot delete agents; people do that with: npx agentworks agents delete NAME',
].join('\n')

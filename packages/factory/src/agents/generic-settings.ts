// What makes one artifact many agents: its environment.
import { type Environment, region, UnusableSetting } from './required-variables.js'
import { isSmallTool, type SmallToolName, smallToolNames } from './tools/small-tools.js'

export interface GenericSettings {
  name: string
  systemPrompt: string
  modelId: string
  region: string
  toolNames: SmallToolName[]
  /** Where its talks are kept and what it knows of its users comes from. */
  memoryId?: string
}

/** Part of the design and not executed yet: an agent that silently lacked what it was given would be worse than none. */
const notYet: Readonly<Record<string, string>> = {
  GATEWAY_ID: 'tools behind a gateway do not execute yet',
  KNOWN_AGENT_IDS: 'calling other agents does not execute yet',
  ENABLE_CODE_INTERPRETER: 'the code interpreter does not execute yet',
  ENABLE_BROWSER: 'the browser does not execute yet',
}
const off: ReadonlySet<string> = new Set(['', 'false', '0', 'no', 'off'])

/** Any id that names no provider means the platform's default model. */
const platformDefault = 'default'

export function genericSettings(env: Environment): GenericSettings {
  for (const [variable, why] of Object.entries(notYet)) {
    if (!off.has((env[variable] ?? '').toLowerCase())) throw new UnusableSetting(variable, `${why}; remove it`)
  }
  const mode = env.AGENT_MODE || 'client'
  if (mode !== 'client') throw new UnusableSetting('AGENT_MODE', `is "${mode}"; only "client" executes yet`)
  const name = env.AGENT_NAME || 'agent'
  const purpose = env.AGENT_PURPOSE || 'helps its users'
  return {
    name,
    systemPrompt: env.SYSTEM_PROMPT || defaultSystemPrompt(name, purpose),
    modelId: env.MODEL_ID || platformDefault,
    region: region(env),
    toolNames: toolNames(env.AGENT_TOOLS ?? ''),
    ...(env.BEDROCK_AGENTCORE_MEMORY_ID && { memoryId: env.BEDROCK_AGENTCORE_MEMORY_ID }),
  }
}

export function defaultSystemPrompt(name: string, purpose: string): string {
  return `You are ${name}. Your purpose: ${purpose}. Answer briefly and truthfully; say so when you cannot help.`
}

function toolNames(list: string): SmallToolName[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return [...new Set(names)].map((name) => {
    if (isSmallTool(name)) return name
    throw new UnusableSetting('AGENT_TOOLS', `"${name}" is no tool of this agent; it has ${smallToolNames.join(', ')}`)
  })
}

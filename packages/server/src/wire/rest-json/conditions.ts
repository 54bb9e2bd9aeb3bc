// Condition keys of AgentCore whose values are in a call's input. AWS: service authorization reference; developer guide,
// resource-based-policies.
import type { ConditionFacts } from '#ports/callers.js'

/** By operation-independent member names: what AgentCore calls the same is the same. */
export function inputConditions(input: Readonly<Record<string, unknown>>): ConditionFacts {
  const { tags, tagKeys, namespace, namespacePath } = input
  const requestTags = isRecord(tags) ? Object.entries(tags) : []
  const { subnets, securityGroups } = vpcOf(input)
  return {
    ...Object.fromEntries(requestTags.map(([key, value]) => [`aws:RequestTag/${key}`, String(value)])),
    'aws:TagKeys': textsOf(tagKeys) ?? (requestTags.length > 0 ? requestTags.map(([key]) => key) : undefined),
    'bedrock-agentcore:Subnets': subnets,
    'bedrock-agentcore:SecurityGroups': securityGroups,
    'bedrock-agentcore:namespace': textOf(namespace),
    'bedrock-agentcore:namespacePath': textOf(namespacePath),
    ...memoryConditions(input),
  }
}

/** Of calls to a memory: whose events or records they are about (developer guide: memory, scoped access). */
function memoryConditions({
  memoryId,
  actorId,
  sessionId,
  memoryStrategyId,
  searchCriteria,
  extractionConfig,
}: Readonly<Record<string, unknown>>): ConditionFacts {
  if (memoryId === undefined) return {}
  const variables =
    isRecord(extractionConfig) && isRecord(extractionConfig.namespaceVariables) ? Object.entries(extractionConfig.namespaceVariables) : []
  return {
    ...Object.fromEntries(variables.map(([key, value]) => [`bedrock-agentcore:namespaceVariable/${key}`, String(value)])),
    'bedrock-agentcore:actorId': textOf(actorId),
    'bedrock-agentcore:sessionId': textOf(sessionId),
    'bedrock-agentcore:strategyId': textOf(memoryStrategyId) ?? (isRecord(searchCriteria) ? textOf(searchCriteria.memoryStrategyId) : undefined),
  }
}

function vpcOf({ networkConfiguration }: Readonly<Record<string, unknown>>): { subnets?: readonly string[]; securityGroups?: readonly string[] } {
  const mode = isRecord(networkConfiguration) ? networkConfiguration.networkModeConfig : undefined
  return isRecord(mode) ? { subnets: textsOf(mode.subnets), securityGroups: textsOf(mode.securityGroups) } : {}
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
const textsOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : undefined)

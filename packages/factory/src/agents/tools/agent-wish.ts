// From what was asked for to the environment that makes the generic agent that agent.
import type { GetAgentRuntimeResponse } from '@aws-sdk/client-bedrock-agentcore-control'
import type { SmallToolName } from './small-tools.js'

/** Where the generic agent's code lies and which role its agents get. */
export interface AgentTemplate {
  bucket: string
  key: string
  roleArn: string
  /** Which memory they share; its records are kept by user. */
  memoryId?: string
}

export interface AgentWish {
  name: string
  purpose: string
  systemPrompt?: string | undefined
  tools: SmallToolName[]
}

export function environmentOf({ name, purpose, systemPrompt, tools }: AgentWish, memoryId?: string): Record<string, string> {
  return {
    AGENT_NAME: name,
    AGENT_PURPOSE: purpose,
    ...(systemPrompt ? { SYSTEM_PROMPT: systemPrompt } : {}),
    ...(tools.length > 0 ? { AGENT_TOOLS: [...new Set(tools)].join(',') } : {}),
    ...(memoryId ? { BEDROCK_AGENTCORE_MEMORY_ID: memoryId } : {}),
  }
}

/** The factory's agents run its own artifact; a runtime on any other code is somebody else's. */
export function ownsRuntime(template: AgentTemplate, runtime: Pick<GetAgentRuntimeResponse, 'agentRuntimeArtifact' | 'agentRuntimeName'>): boolean {
  const artifact = runtime.agentRuntimeArtifact
  const location = artifact && 'codeConfiguration' in artifact ? artifact.codeConfiguration?.code : undefined
  const s3 = location && 's3' in location ? location.s3 : undefined
  return s3?.bucket === template.bucket && s3.prefix?.startsWith('generic-') === true
}

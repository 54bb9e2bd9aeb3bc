// What an agent is deployed as; what contradicts itself is refused before anything is packed or sent.
import type { AuthorizerConfiguration } from '@aws-sdk/client-bedrock-agentcore-control'
import { InvalidCall } from '#client/invalid-call.js'
import { awsLimits } from '#packing/limits.js'
import { type AgentResources, tagsOf } from './resources.js'

export interface Deployment {
  /** A letter first, then letters, digits and underscores, 48 at most. */
  name: string
  /** The folder, and the file that starts the agent, with `opentelemetry-instrument ` before it if wished. This or `containerUri`. */
  code?: string | { dir: string; entryPoint?: string }
  /** An image in a registry, as `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG`. */
  containerUri?: string
  /** What the agent speaks; HTTP when absent. */
  protocol?: 'HTTP' | 'MCP' | 'A2A' | 'AGUI'
  environment?: Record<string, string>
  description?: string
  /** Needed on AWS; a platform's own execution role when absent. */
  roleArn?: string
  /** PUBLIC when absent. */
  network?: { networkMode: 'PUBLIC' } | { networkMode: 'VPC'; subnets: string[]; securityGroups: string[] }
  /** Callers carry tokens that this accepts, in place of signatures. */
  authorizerConfiguration?: AuthorizerConfiguration
  /** Headers of callers that the agent gets, 20 at most; `Authorization` with a JWT authorizer only. */
  requestHeaderAllowlist?: string[]
  /** Seconds, 60 to 28,800. */
  lifecycle?: { idleRuntimeSessionTimeout?: number; maxLifetime?: number }
  /** Of a platform's agent; what `agentworks.json` in its folder says, where this does not. AWS chooses these itself, and they are refused there. */
  resources?: AgentResources
  /** For the packed code. Needed on AWS, where it must exist; a platform's own when absent. */
  bucket?: string
}

const protocols = ['HTTP', 'MCP', 'A2A', 'AGUI']

/** Throws InvalidCall. */
export function checkDeployment(options: Deployment, isAws: boolean): void {
  const { name, code, containerUri, protocol = 'HTTP', environment = {}, roleArn, bucket } = options
  if (!/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/.test(name))
    throw new InvalidCall('name', `${JSON.stringify(name)} names no runtime`, 'A letter first, then letters, digits and underscores, 48 at most')
  if ((code === undefined) === (containerUri === undefined))
    throw new InvalidCall(
      'code',
      containerUri ? 'given together with containerUri' : 'given neither as a folder nor as containerUri',
      'Give one of them',
    )
  if (containerUri !== undefined && bucket !== undefined)
    throw new InvalidCall('bucket', 'says nothing about an image', 'Leave it out, or deploy code')
  if (!protocols.includes(protocol)) throw new InvalidCall('protocol', `${JSON.stringify(protocol)} is not known`, `Use ${protocols.join(', ')}`)
  const count = Object.keys(environment).length
  if (count > awsLimits.environmentVariables)
    throw new InvalidCall(
      'environment',
      `has ${count} variables`,
      `At most ${awsLimits.environmentVariables}; let the agent read the rest from a file`,
    )
  checkNetwork(options.network)
  checkLifecycle(options.lifecycle)
  const tags = tagsOf(options.resources ?? {})
  if (!isAws) return
  if (Object.keys(tags).length > 0) throw new InvalidCall('resources', 'given for AWS, which chooses them itself', 'Leave it out')
  if (roleArn === undefined) throw new InvalidCall('roleArn', 'is needed on AWS', 'Name the role that the agent runs as')
  if (code !== undefined && bucket === undefined)
    throw new InvalidCall('bucket', 'is needed on AWS', 'Name one that exists, in the Region of the agent')
}

function checkNetwork(network: Deployment['network']): void {
  if (network === undefined) return
  const { networkMode, subnets, securityGroups } = network as { networkMode: string; subnets?: string[]; securityGroups?: string[] }
  if (networkMode === 'PUBLIC') {
    for (const [field, value] of Object.entries({ subnets, securityGroups }))
      if (value !== undefined)
        throw new InvalidCall(`network.${field}`, 'given for networkMode PUBLIC, which has none', "Leave it out, or use networkMode: 'VPC'")
  } else if (networkMode === 'VPC') {
    for (const [field, value] of Object.entries({ subnets, securityGroups }))
      if (!Array.isArray(value) || value.length < 1 || value.length > 16)
        throw new InvalidCall(`network.${field}`, 'needed for networkMode VPC', "Name 1 to 16, or use networkMode: 'PUBLIC'")
  } else throw new InvalidCall('network.networkMode', `${JSON.stringify(networkMode)} is not known`, 'Use PUBLIC or VPC')
}

function checkLifecycle({ idleRuntimeSessionTimeout, maxLifetime }: NonNullable<Deployment['lifecycle']> = {}): void {
  for (const [field, value] of Object.entries({ idleRuntimeSessionTimeout, maxLifetime }))
    if (value !== undefined && (!Number.isInteger(value) || value < 60 || value > 28_800))
      throw new InvalidCall(`lifecycle.${field}`, `${value} is no time for a session`, 'It is a whole number of seconds from 60 to 28800')
  if (idleRuntimeSessionTimeout !== undefined && maxLifetime !== undefined && idleRuntimeSessionTimeout > maxLifetime)
    throw new InvalidCall('lifecycle.idleRuntimeSessionTimeout', 'is longer than maxLifetime', 'Make it at most as long')
}

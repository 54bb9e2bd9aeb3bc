// Which agent a call is for, in whose name and session; what AWS would refuse is refused here, before a byte is sent.
import { InvalidCall } from './invalid-call.js'

/** Which agent is called, and within which session. */
export interface Target {
  /** `arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/ID` */
  agentRuntimeArn: string
  /** Name of the endpoint; DEFAULT when absent. */
  qualifier?: string
  /** 33 to 256 characters; a new session when absent. */
  runtimeSessionId?: string
  /** In whose name the agent acts; the caller needs bedrock-agentcore:InvokeAgentRuntimeForUser. */
  runtimeUserId?: string
  /** Further headers for the agent: those of its allow-list, `X-Amzn-Bedrock-AgentCore-Runtime-Custom-*`, trace headers. */
  headers?: Readonly<Record<string, string>>
}

export const sessionIdHeader = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id'
export const userIdHeader = 'X-Amzn-Bedrock-AgentCore-Runtime-User-Id'
export const customHeaderPrefix = 'x-amzn-bedrock-agentcore-runtime-custom-'

/** The model's pattern of AgentRuntimeArn. */
const arnPattern = /^arn:aws(-[^:]+)?:bedrock-agentcore:[a-z0-9-]+:\d{12}:runtime\/[a-zA-Z][a-zA-Z0-9_]{0,47}-[a-zA-Z0-9]{10}$/
const qualifierPattern = /^[a-zA-Z][a-zA-Z0-9_]{0,47}$/

/** Throws InvalidCall for what no platform would take. */
export function checkTarget({ agentRuntimeArn, qualifier, runtimeSessionId, runtimeUserId, headers = {} }: Target): void {
  if (typeof agentRuntimeArn !== 'string' || !arnPattern.test(agentRuntimeArn))
    throw new InvalidCall(
      'agentRuntimeArn',
      `${JSON.stringify(agentRuntimeArn)} is no ARN of an agent runtime`,
      'It looks like arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-a1b2c3d4e5',
    )
  if (qualifier !== undefined && !qualifierPattern.test(qualifier))
    throw new InvalidCall(
      'qualifier',
      `${JSON.stringify(qualifier)} is no endpoint's name`,
      'Letters, digits and underscores, a letter first, 48 at most',
    )
  if (runtimeSessionId !== undefined) checkLength('runtimeSessionId', runtimeSessionId, 33, 256)
  if (runtimeUserId !== undefined) checkLength('runtimeUserId', runtimeUserId, 1, 1_024)
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value)
}

function checkLength(field: string, value: string, least: number, most: number): void {
  if (value.length < least || value.length > most)
    throw new InvalidCall(field, `has ${value.length} characters`, `It must have ${least} to ${most}; a UUID has 36`)
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value))
    throw new InvalidCall(field, 'has characters that no header can carry', 'Use printable ASCII')
}

/** Members of the call have names of their own: one given twice could say two things. */
const members: Readonly<Record<string, string>> = {
  [sessionIdHeader.toLowerCase()]: 'runtimeSessionId',
  [userIdHeader.toLowerCase()]: 'runtimeUserId',
  authorization: 'bearerToken',
  host: 'endpoint',
}

function checkHeader(name: string, value: string): void {
  const member = members[name.toLowerCase()]
  if (member !== undefined) throw new InvalidCall(`headers.${name}`, 'has an argument of its own', `Give it as ${member}`)
  // Not the value: it may be a secret.
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new InvalidCall(`headers.${name}`, 'has characters that no header can carry', 'Encode them, for example as base64')
}

// What joins an agent to memories without any change of its code: a role that reaches them, and the variables that name them.
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import type { Invoked } from './invoked.js'
import { withIam } from './with-iam.js'
import { memoryNamed, withMemories } from './with-memory.js'

export interface JoinedMemories {
  /** MEMORY_{NAME}_ID for each, as AWS's own command line has it; BEDROCK_AGENTCORE_MEMORY_ID is the first. */
  environment: Record<string, string>
  /** The agent's own: a role that others share would open the memory to them. */
  roleArn: string
}

const usualRole = 'AgentworksExecutionRole'
const policyName = 'memories'
const allowed = [
  'GetMemory',
  'CreateEvent',
  'GetEvent',
  'ListEvents',
  'DeleteEvent',
  'ListActors',
  'ListSessions',
  'RetrieveMemoryRecords',
  'GetMemoryRecord',
  'ListMemoryRecords',
  'DeleteMemoryRecord',
  'BatchCreateMemoryRecords',
  'BatchUpdateMemoryRecords',
  'BatchDeleteMemoryRecords',
  'IngestData',
].map((action) => `bedrock-agentcore:${action}`)

export async function joinedMemories(invoked: Invoked, agentName: string, wanted: readonly string[]): Promise<JoinedMemories | undefined> {
  if (wanted.length === 0) return undefined
  const memories = await withMemories(invoked, async (client) => {
    const ids = []
    for (const one of wanted) ids.push(await memoryNamed(client, one))
    return Promise.all(ids.map((id) => client.getMemory(id)))
  })
  const RoleName = roleNameOf(agentName)
  const roleArn = await withIam(invoked, async (iam) => {
    const arn = await roleOf(iam, RoleName, agentName)
    await copyPolicies(iam, RoleName)
    const statement = { Sid: 'Memories', Effect: 'Allow', Action: allowed, Resource: memories.map(({ arn = '' }) => arn) }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: policyName, PolicyDocument }))
    return arn
  })
  const ids = memories.map(({ name = '', id = '' }): [string, string] => [`MEMORY_${name.toUpperCase()}_ID`, id])
  return { environment: { ...Object.fromEntries(ids), BEDROCK_AGENTCORE_MEMORY_ID: memories[0]?.id ?? '' }, roleArn }
}

/** The role goes with its agent. `false` where the agent had none. */
export function removeJoinedRole(invoked: Invoked, agentName: string): Promise<boolean> {
  const RoleName = roleNameOf(agentName)
  return withIam(invoked, async (iam) => {
    try {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
      for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
      await iam.send(new DeleteRoleCommand({ RoleName }))
      return true
    } catch (error) {
      // Whoever may delete agents and no roles leaves it behind; without an agent it is good for nothing.
      if (error instanceof Error && ['NoSuchEntityException', 'AccessDenied', 'AccessDeniedException'].includes(error.name)) return false
      throw error
    }
  })
}

const roleNameOf = (agentName: string) => `AgentworksAgent-${agentName}`

async function roleOf(iam: IAMClient, RoleName: string, agentName: string): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'bedrock-agentcore.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  try {
    const Description = `Made by deploy --memory for the agent ${agentName}`
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust), Description }))
    return Role?.Arn ?? ''
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'EntityAlreadyExistsException') throw error
    return (await iam.send(new GetRoleCommand({ RoleName }))).Role?.Arn ?? ''
  }
}

/** It may do what an agent may that was deployed without a memory. */
async function copyPolicies(iam: IAMClient, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: usualRole }))
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: usualRole, PolicyName }))
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument) }))
  }
}

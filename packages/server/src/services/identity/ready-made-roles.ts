// Roles that are there without anybody making them. A role of the same name that the user makes takes its place; deleting that one
// brings the ready-made one back.
import { roleIdOf } from './entity-ids.js'
import type { RoleDocument } from './iam-documents.js'

/** What every role acts as that is named and not defined here: documents and templates name roles that exist at AWS only. */
export const defaultRoleName = 'AgentworksExecutionRole'
const builderRoleName = 'AgentworksBuilderRole'
const factoryAgentRoleName = 'AgentworksFactoryAgentRole'

const allow = (sid: string, Action: readonly string[], Resource: string | readonly string[] = '*', Condition?: object) => ({
  Sid: sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

const models = allow('Models', ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:CountTokens'])

const workloadTokens = [
  'bedrock-agentcore:GetWorkloadAccessToken',
  'bedrock-agentcore:GetWorkloadAccessTokenForJWT',
  'bedrock-agentcore:GetWorkloadAccessTokenForUserId',
]
/** Good for nothing without a workload token, which says for whom. */
const tokensOfUsers = [
  'bedrock-agentcore:GetResourceApiKey',
  'bedrock-agentcore:GetResourceOauth2Token',
  'bedrock-agentcore:CompleteResourceTokenAuth',
]

const directory = 'arn:aws:bedrock-agentcore:*:*:workload-identity-directory/default'

/** Models, and tokens for itself alone: the identity of its own runtime bears the runtime's id. */
const executionStatements = [
  models,
  allow('OwnWorkloadTokens', workloadTokens, [directory, `${directory}/workload-identity/\${agentworks:AgentRuntimeId}`]),
  allow('TokensOfUsers', tokensOfUsers),
]

/** Talks and what was learned of them; memories themselves are made, changed and deleted by others. */
const talks = [
  'GetMemory',
  'CreateEvent',
  'GetEvent',
  'ListEvents',
  'ListActors',
  'ListSessions',
  'RetrieveMemoryRecords',
  'GetMemoryRecord',
  'ListMemoryRecords',
].map((action) => `bedrock-agentcore:${action}`)

/** The factory's agents share a memory of the factory's own. */
const factoryAgentStatements = [...executionStatements, allow('FactoryMemory', talks, 'arn:aws:bedrock-agentcore:*:*:memory/agentworks_factory-*')]

/** Whoever may pass another role could do by an agent what it may not do itself. */
const passRuntimeRoles = (account: string, ...more: string[]) =>
  allow(
    'PassRuntimeRoles',
    ['iam:PassRole'],
    [defaultRoleName, 'AgentCoreExecutionRole', ...more].map((name) => `arn:aws:iam::${account}:role/${name}`),
    { StringEquals: { 'iam:PassedToService': 'bedrock-agentcore.amazonaws.com' } },
  )

/** The builder makes and changes agents and talks to them. It deletes nothing, and makes nobody who may more than it, but for the talks of the agents that it made. */
const builderStatements = (account: string) => [
  models,
  allow('Agents', [
    'bedrock-agentcore:CreateAgentRuntime',
    'bedrock-agentcore:UpdateAgentRuntime',
    'bedrock-agentcore:GetAgentRuntime',
    'bedrock-agentcore:ListAgentRuntimes',
    'bedrock-agentcore:ListAgentRuntimeVersions',
    'bedrock-agentcore:GetAgentRuntimeEndpoint',
    'bedrock-agentcore:ListAgentRuntimeEndpoints',
    'bedrock-agentcore:InvokeAgentRuntime',
    'bedrock-agentcore:StopRuntimeSession',
    'bedrock-agentcore:TagResource',
    'bedrock-agentcore:ListTagsForResource',
  ]),
  allow('Artifacts', ['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::agentworks-factory', 'arn:aws:s3:::agentworks-factory/*']),
  passRuntimeRoles(account, factoryAgentRoleName),
]

const agentCoreStatements = [
  models,
  allow('Artifacts', ['s3:GetObject', 's3:PutObject', 's3:ListBucket']),
  allow('Functions', ['lambda:InvokeFunction']),
  allow('OtherAgents', ['bedrock-agentcore:InvokeAgentRuntime', 'bedrock-agentcore:GetAgentCard'], 'arn:aws:bedrock-agentcore:*:*:runtime/*'),
  allow('OwnIdentityOutside', ['sts:GetWebIdentityToken'], 'arn:aws:sts::*:self'),
  allow('WorkloadTokens', workloadTokens, [directory, `${directory}/workload-identity/*`]),
  allow('TokensOfUsers', tokensOfUsers),
]

/** Least privilege for a pipeline: deploys agents, and passes only the role that agents are meant to run with. */
const deployerStatements = (account: string) => [
  allow('Agents', [
    'bedrock-agentcore:CreateAgentRuntime*',
    'bedrock-agentcore:UpdateAgentRuntime*',
    'bedrock-agentcore:GetAgentRuntime*',
    'bedrock-agentcore:ListAgentRuntime*',
    'bedrock-agentcore:DeleteAgentRuntime*',
    'bedrock-agentcore:InvokeAgentRuntime',
    'bedrock-agentcore:TagResource',
    'bedrock-agentcore:UntagResource',
    'bedrock-agentcore:ListTagsForResource',
  ]),
  allow('Artifacts', ['s3:CreateBucket', 's3:ListBucket', 's3:ListAllMyBuckets', 's3:GetObject', 's3:PutObject', 's3:DeleteObject']),
  allow('SeeRuntimeRoles', ['iam:GetRole', 'iam:ListRoles']),
  passRuntimeRoles(account),
]

export function readyMadeRoles(account: string): ReadonlyMap<string, RoleDocument> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'bedrock-agentcore.amazonaws.com', AWS: `arn:aws:iam::${account}:root` },
        Action: 'sts:AssumeRole',
      },
    ],
  }
  const role = (name: string, description: string, statements: readonly object[]): [string, RoleDocument] => {
    const arn = `arn:aws:iam::${account}:role/${name}`
    const policy = { Version: '2012-10-17', Statement: statements }
    return [
      name,
      {
        name,
        path: '/',
        id: roleIdOf(arn),
        arn,
        createdAt: 0,
        tags: {},
        inlinePolicies: { [name]: JSON.stringify(policy) },
        attachedPolicies: [],
        trustPolicy: JSON.stringify(trust),
        description,
        maxSessionSeconds: 3600,
      },
    ]
  }
  return new Map([
    role(defaultRoleName, 'Ready-made: models, and what its own workload may have. Roles that are not defined act as this one.', executionStatements),
    role('AgentCoreExecutionRole', 'Ready-made: models, artifacts, functions, other agents, workload tokens, JWTs of its own.', agentCoreStatements),
    role(factoryAgentRoleName, "Ready-made: agents that the factory's builder made; they share the factory's memory.", factoryAgentStatements),
    role(builderRoleName, "Ready-made: the factory's builder. Makes and changes agents, deletes none.", builderStatements(account)),
    role('deployer', 'Ready-made: deploys agents, and passes them only the roles made for runtimes.', deployerStatements(account)),
  ])
}

// The fixed table of roles. Policies as documents come with the identity service; until then this is all there is.

export interface Statement {
  /** `service:Action`, with `*` for any run of characters. */
  actions: readonly string[]
  /** ARNs, with `*` for any run of characters. */
  resources: readonly string[]
}

export interface Role {
  allow: readonly Statement[]
  /** Beats every allow. */
  deny: readonly Statement[]
}

const builderRoleName = 'AgentworksBuilderRole'

const everything = ['*']

/** Every role that is not defined here: models, and knowing who one is. */
export const defaultRole: Role = {
  allow: [{ actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'sts:GetCallerIdentity'], resources: everything }],
  deny: [],
}

/** The builder makes and changes agents and talks to them. It deletes nothing, and cannot make another builder. */
const builderRole: Role = {
  allow: [
    ...defaultRole.allow,
    {
      actions: [
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
        'iam:PassRole',
      ],
      resources: everything,
    },
    { actions: ['s3:GetObject', 's3:ListBucket'], resources: ['arn:aws:s3:::agentworks-factory', 'arn:aws:s3:::agentworks-factory/*'] },
  ],
  deny: [{ actions: ['iam:PassRole'], resources: [`arn:aws:iam::*:role/${builderRoleName}`] }],
}

export const definedRoles: Readonly<Record<string, Role>> = { [builderRoleName]: builderRole }

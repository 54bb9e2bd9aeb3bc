// roles list | get | create | put-policy | delete: what agents run as.
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { noteUnknownActions, policyFile } from '#core/policy-file.js'
import { withIam } from '#core/with-iam.js'

export interface CreateRoleOptions {
  policy?: string
  trust?: string
  description?: string
}

const agentCoreTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'bedrock-agentcore.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

export async function listRoles(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const roles = await withIam(invoked, async (iam) => {
    const all: { name: string; arn: string; description: string }[] = []
    for await (const page of paginateListRoles({ client: iam }, {}))
      all.push(...(page.Roles ?? []).map(({ RoleName = '', Arn = '', Description = '' }) => ({ name: RoleName, arn: Arn, description: Description })))
    return all
  })
  out.document(roles)
  for (const line of table(
    ['NAME', 'ARN', 'WHAT FOR'],
    roles.map(({ name, arn, description }) => [name, arn, description]),
  ))
    out.line(line)
}

export async function getRole(invoked: Invoked, RoleName: string): Promise<void> {
  const { out } = invoked
  const role = await withIam(invoked, async (iam) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    const { inline, attached } = await policiesOf(iam, RoleName)
    const policies = await Promise.all(
      inline.map(async (PolicyName) => {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
        return { name: PolicyName, document: decoded(PolicyDocument) }
      }),
    )
    return {
      name: RoleName,
      arn: Role?.Arn,
      description: Role?.Description,
      maxSessionSeconds: Role?.MaxSessionDuration,
      trust: decoded(Role?.AssumeRolePolicyDocument),
      policies,
      attached,
    }
  })
  out.document(role)
  out.line(`${role.name}: ${role.arn}`)
  if (role.description) out.line(role.description)
  out.line(`trust: ${JSON.stringify(role.trust, undefined, 2)}`)
  for (const { name, document } of role.policies) out.line(`policy ${name}: ${JSON.stringify(document, undefined, 2)}`)
  for (const arn of role.attached) out.line(`attached: ${arn}`)
  await noteUnknownActions(invoked, 'role', RoleName)
}

export async function createRole(invoked: Invoked, RoleName: string, { policy, trust, description }: CreateRoleOptions): Promise<void> {
  const { out } = invoked
  const [text, trustText] = [policy && (await policyFile(invoked, policy)), trust ? await policyFile(invoked, trust) : agentCoreTrust]
  const arn = await withIam(invoked, async (iam) => {
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustText, Description: description }))
    try {
      if (text) await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument: text }))
    } catch (error) {
      await iam.send(new DeleteRoleCommand({ RoleName }))
      throw error
    }
    return Role?.Arn
  })
  await noteUnknownActions(invoked, 'role', RoleName)
  out.document({ name: RoleName, arn })
  out.line(`${arn}`)
  if (!text) out.note(out.spell(`It may do nothing yet: agentworks roles put-policy ${RoleName} --policy policy.json`))
}

export async function putRolePolicy(
  invoked: Invoked,
  RoleName: string,
  { policy, name = RoleName }: { policy: string; name?: string },
): Promise<void> {
  const { out } = invoked
  const PolicyDocument = await policyFile(invoked, policy)
  await withIam(invoked, (iam) => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument })))
  await noteUnknownActions(invoked, 'role', RoleName)
  out.document({ name: RoleName, policy: name })
  out.line(`${RoleName} has the policy ${name}; it is in force, in running sessions too`)
}

export async function deleteRole(invoked: Invoked, RoleName: string): Promise<void> {
  const { out } = invoked
  await withIam(invoked, async (iam) => {
    const { inline, attached } = await policiesOf(iam, RoleName)
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    // A ready-made role refuses to be deleted, and must not lose its policies on the way.
    if (Role?.CreateDate && Role.CreateDate.getTime() > 0) {
      for (const PolicyArn of attached) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
      for (const PolicyName of inline) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
    }
    await iam.send(new DeleteRoleCommand({ RoleName }))
  })
  out.document({ name: RoleName, deleted: true })
  out.line(`${RoleName} is deleted; agents that run with it may do what a role that is not defined may: models, and their own tokens`)
}

async function policiesOf(iam: IAMClient, RoleName: string): Promise<{ inline: string[]; attached: string[] }> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1000 }))
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 1000 }))
  return { inline: PolicyNames, attached: AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn) }
}

/** IAM's policies travel percent-encoded. */
const decoded = (policy = ''): unknown => JSON.parse(decodeURIComponent(policy) || 'null')

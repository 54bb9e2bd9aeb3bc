// identity workloads list | create | get | delete

import { CreateWorkloadIdentityCommand, DeleteWorkloadIdentityCommand, GetWorkloadIdentityCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { listWorkloadIdentities } from '#core/identities.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withPlatform } from '#core/with-platform.js'

export async function listWorkloads(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const workloads = await withPlatform(invoked, ({ control }) => listWorkloadIdentities(control))
  out.document(workloads)
  if (workloads.length === 0) return out.line('no workload identity yet; each agent gets its own when it is deployed')
  for (const line of table(
    ['NAME', 'ARN'],
    workloads.map(({ name, workloadIdentityArn }) => [name, workloadIdentityArn]),
  ))
    out.line(line)
}

export async function createWorkload(invoked: Invoked, name: string, { returnUrl }: { returnUrl: string[] }): Promise<void> {
  const { out } = invoked
  const input = { name, allowedResourceOauth2ReturnUrls: returnUrl }
  const { $metadata: _, ...created } = await withPlatform(invoked, ({ control }) => control.send(new CreateWorkloadIdentityCommand(input)))
  out.document(created)
  out.line(`created ${created.workloadIdentityArn}`)
}

export async function getWorkload(invoked: Invoked, name: string): Promise<void> {
  const { out } = invoked
  const { $metadata: _, ...workload } = await withPlatform(invoked, ({ control }) => control.send(new GetWorkloadIdentityCommand({ name })))
  out.document(workload)
  out.line(`name: ${workload.name}`)
  out.line(`arn: ${workload.workloadIdentityArn}`)
  out.line(`created: ${workload.createdTime?.toISOString()}`)
  out.line(`return URLs: ${workload.allowedResourceOauth2ReturnUrls?.join(' ') || 'none'}`)
}

export async function deleteWorkload(invoked: Invoked, name: string): Promise<void> {
  await withPlatform(invoked, ({ control }) => control.send(new DeleteWorkloadIdentityCommand({ name })))
  invoked.out.document({ name, deleted: true })
  invoked.out.line(`deleted ${name}; tokens that were kept for it are worth nothing now`)
}

// keys create | list | revoke: access keys of users that have one policy each.
import { randomBytes } from 'node:crypto'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
  paginateListUsers,
} from '@aws-sdk/client-iam'
import { Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { noteUnknownActions, policyFile } from '#core/policy-file.js'
import { withIam } from '#core/with-iam.js'

export interface CreateKeyOptions {
  policy: string
  name?: string
}

interface Key {
  accessKeyId: string
  name: string
  status: string
  createdAt: string
}

/** Users that stand for one key go with it. */
const path = '/keys/'
const policyName = 'policy'

export async function createKey(invoked: Invoked, { policy, name = `key-${randomBytes(5).toString('hex')}` }: CreateKeyOptions): Promise<void> {
  const { out } = invoked
  const text = await policyFile(invoked, policy)
  const key = await withIam(invoked, async (iam) => {
    await iam.send(new CreateUserCommand({ UserName: name, Path: path }))
    try {
      await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: policyName, PolicyDocument: text }))
      return (await iam.send(new CreateAccessKeyCommand({ UserName: name }))).AccessKey
    } catch (error) {
      await removeUser(iam, name)
      throw error
    }
  })
  await noteUnknownActions(invoked, 'user', name)
  out.document({ accessKeyId: key?.AccessKeyId, secretAccessKey: key?.SecretAccessKey, name })
  out.line(`AWS_ACCESS_KEY_ID=${key?.AccessKeyId}`)
  out.line(`AWS_SECRET_ACCESS_KEY=${key?.SecretAccessKey}`)
  out.note(`The secret is not shown again. To end the key: ${out.spell(`agentworks keys revoke ${key?.AccessKeyId}`)}`)
}

export async function listKeys(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const keys = await withIam(invoked, allKeys)
  out.document(keys)
  if (keys.length === 0) return out.line(out.spell('there is no key beside the root key; make one: agentworks keys create --policy policy.json'))
  const rows = keys.map(({ accessKeyId, name, status, createdAt }) => [accessKeyId, name, status, createdAt])
  for (const line of table(['ACCESS KEY', 'NAME', 'STATUS', 'CREATED'], rows)) out.line(line)
}

export async function revokeKey(invoked: Invoked, accessKeyId: string): Promise<void> {
  const { out } = invoked
  await withIam(invoked, async (iam) => {
    const key = (await allKeys(iam)).find((one) => one.accessKeyId === accessKeyId)
    if (!key) throw new Failure(`there is no access key ${accessKeyId}`, { fix: 'see which there are: agentworks keys list' })
    await iam.send(new DeleteAccessKeyCommand({ UserName: key.name, AccessKeyId: accessKeyId }))
    const isLast = (await keysOf(iam, key.name)).length === 0
    if (isLast && key.path === path) await removeUser(iam, key.name)
  })
  out.document({ accessKeyId, revoked: true })
  out.line(`${accessKeyId} is revoked: it is refused from now on`)
}

async function allKeys(iam: IAMClient): Promise<(Key & { path: string })[]> {
  const keys: (Key & { path: string })[] = []
  for await (const page of paginateListUsers({ client: iam }, {}))
    for (const { UserName = '', Path = '' } of page.Users ?? []) keys.push(...(await keysOf(iam, UserName)).map((key) => ({ ...key, path: Path })))
  return keys
}

async function keysOf(iam: IAMClient, UserName: string): Promise<Key[]> {
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }))
  return AccessKeyMetadata.map(({ AccessKeyId = '', Status = '', CreateDate }) => ({
    accessKeyId: AccessKeyId,
    name: UserName,
    status: Status,
    createdAt: CreateDate?.toISOString() ?? '',
  }))
}

async function removeUser(iam: IAMClient, UserName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }))
  for (const PolicyName of PolicyNames) await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }))
  await iam.send(new DeleteUserCommand({ UserName }))
}

// IAM's shapes of what is kept. Policies travel percent-encoded (RFC 3986), as AWS says.
import type { QueryTree } from '#kernel/query.js'
import type { ManagedPolicyDocument, RoleDocument, UserDocument } from '#services/identity/iam-documents.js'

export const time = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

export const encoded = (policyText: string) =>
  encodeURIComponent(policyText).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)

export const tagList = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

export function presentRole(role: RoleDocument, { inList = false } = {}): QueryTree {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: time(role.createdAt),
    AssumeRolePolicyDocument: encoded(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    // AWS's lists leave the tags out.
    ...(!inList && { Tags: tagList(role.tags) }),
  }
}

export function presentUser(user: UserDocument, { inList = false } = {}): QueryTree {
  const { path, name, id, arn, createdAt, tags } = user
  return { Path: path, UserName: name, UserId: id, Arn: arn, CreateDate: time(createdAt), ...(!inList && { Tags: tagList(tags) }) }
}

export function presentPolicy(policy: ManagedPolicyDocument, attachments: number, { inList = false } = {}): QueryTree {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: time(policy.createdAt),
    UpdateDate: time(policy.updatedAt),
    ...(!inList && { Description: policy.description, Tags: tagList(policy.tags) }),
  }
}

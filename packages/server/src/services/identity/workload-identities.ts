// Workload identities: who an agent is. Those that a runtime or gateway was made with belong to it, and change only with it.
import type {
  CreateWorkloadIdentityRequest,
  CreateWorkloadIdentityResponse,
  DeleteWorkloadIdentityRequest,
  GetWorkloadIdentityRequest,
  GetWorkloadIdentityResponse,
  ListWorkloadIdentitiesRequest,
  ListWorkloadIdentitiesResponse,
  UpdateWorkloadIdentityRequest,
  UpdateWorkloadIdentityResponse,
} from '@agentworks/model'
import { formatArn } from '#kernel/arn.js'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound, ServiceError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'
import { putPlainTags, removeTags } from '#services/tags/index.js'
import { returnUrlsPerIdentity, workloadIdentitiesPerAccount } from './limits.js'

export interface WorkloadIdentityDocument {
  name: string
  /** Of this one alone: what was issued to a deleted identity is worth nothing to the next one of its name. */
  uniqueId: string
  allowedResourceOauth2ReturnUrls: string[]
  createdAt: number
  lastUpdatedAt: number
  /** ARN of the runtime or gateway that it was made with. */
  linkedTo?: string
}

export const workloadIdentities = collection<WorkloadIdentityDocument>('workload-identities')
/** How many there are, so that the limit is kept without counting eleven thousand rows. */
const counts = collection<{ count: number }>('workload-identity-counts')
const countId = 'default'

export const workloadIdentityArn = (scope: Scope, name: string) =>
  formatArn('bedrock-agentcore', scope, `workload-identity-directory/default/workload-identity/${name}`)

export async function findWorkloadIdentity(reader: Reader, scope: Scope, name: string): Promise<WorkloadIdentityDocument> {
  const found = await reader.get(workloadIdentities, scope, name)
  if (!found) throw notFound('Workload identity', name)
  return found
}

export type NewWorkloadIdentity = Pick<WorkloadIdentityDocument, 'name' | 'linkedTo'> & { allowedResourceOauth2ReturnUrls?: string[] }

/** Throws a ValidationException when the name is taken: CreateWorkloadIdentity declares no ConflictException. */
export async function putWorkloadIdentity(
  tx: Transaction,
  scope: Scope,
  { clock, ids }: { clock: Clock; ids: Ids },
  { allowedResourceOauth2ReturnUrls = [], ...given }: NewWorkloadIdentity,
): Promise<WorkloadIdentityDocument> {
  const now = clock.now()
  const identity = { ...given, uniqueId: ids.uuid(), allowedResourceOauth2ReturnUrls, createdAt: now, lastUpdatedAt: now }
  if (!(await tx.insert(workloadIdentities, scope, given.name, identity)))
    throw invalid('name', `a workload identity named ${given.name} exists already; choose another name, or use UpdateWorkloadIdentity`)
  const count = ((await tx.get(counts, scope, countId))?.count ?? 0) + 1
  if (count > workloadIdentitiesPerAccount)
    throw new ServiceError(
      'ServiceQuotaExceededException',
      `There are ${workloadIdentitiesPerAccount} workload identities, which is the limit. Delete one first.`,
    )
  await tx.put(counts, scope, countId, { count })
  return identity
}

export async function removeWorkloadIdentity(tx: Transaction, scope: Scope, name: string): Promise<void> {
  if (!(await tx.delete(workloadIdentities, scope, name))) return
  await removeTags(tx, scope, workloadIdentityArn(scope, name))
  await tx.put(counts, scope, countId, { count: Math.max(0, ((await tx.get(counts, scope, countId))?.count ?? 1) - 1) })
}

export interface WorkloadIdentityPorts {
  store: Store
  clock: Clock
  ids: Ids
}

export function workloadIdentityOperations({ store, clock, ids }: WorkloadIdentityPorts) {
  return {
    async CreateWorkloadIdentity(ctx: Context, input: CreateWorkloadIdentityRequest): Promise<CreateWorkloadIdentityResponse> {
      const { name, allowedResourceOauth2ReturnUrls = [], tags } = input
      const urls = checkedUrls(allowedResourceOauth2ReturnUrls)
      await store.transaction(async (tx) => {
        await putWorkloadIdentity(tx, ctx, { clock, ids }, { name, allowedResourceOauth2ReturnUrls: urls })
        await putPlainTags(tx, ctx, workloadIdentityArn(ctx, name), tags)
      })
      return { name, workloadIdentityArn: workloadIdentityArn(ctx, name), allowedResourceOauth2ReturnUrls: urls }
    },

    async GetWorkloadIdentity(ctx: Context, { name }: GetWorkloadIdentityRequest): Promise<GetWorkloadIdentityResponse> {
      return present(ctx, await findWorkloadIdentity(store, ctx, name))
    },

    async UpdateWorkloadIdentity(ctx: Context, input: UpdateWorkloadIdentityRequest): Promise<UpdateWorkloadIdentityResponse> {
      const { name, allowedResourceOauth2ReturnUrls } = input
      const updated = await store.transaction(async (tx) => {
        const identity = await findWorkloadIdentity(tx, ctx, name)
        const changed: WorkloadIdentityDocument = {
          ...identity,
          // Absent leaves the list as it is; an empty one empties it.
          ...(allowedResourceOauth2ReturnUrls && { allowedResourceOauth2ReturnUrls: checkedUrls(allowedResourceOauth2ReturnUrls) }),
          lastUpdatedAt: clock.now(),
        }
        await tx.put(workloadIdentities, ctx, name, changed)
        return changed
      })
      return present(ctx, updated)
    },

    async ListWorkloadIdentities(
      ctx: Context,
      { maxResults = 20, nextToken }: ListWorkloadIdentitiesRequest,
    ): Promise<ListWorkloadIdentitiesResponse> {
      const rows = await store.list(workloadIdentities, ctx, { after: decodePageToken(nextToken), limit: maxResults + 1 })
      const page = rows.slice(0, maxResults)
      return {
        workloadIdentities: page.map(({ id }) => ({ name: id, workloadIdentityArn: workloadIdentityArn(ctx, id) })),
        nextToken: rows.length > maxResults ? encodePageToken(page.at(-1)?.id ?? '') : undefined,
      }
    },

    async DeleteWorkloadIdentity(ctx: Context, { name }: DeleteWorkloadIdentityRequest) {
      await store.transaction(async (tx) => {
        const { linkedTo } = await findWorkloadIdentity(tx, ctx, name)
        if (linkedTo !== undefined) throw invalid('name', `workload identity ${name} is linked to ${linkedTo}, and is deleted with it`)
        await removeWorkloadIdentity(tx, ctx, name)
      })
      return {}
    },
  }
}

function present(scope: Scope, { name, allowedResourceOauth2ReturnUrls, createdAt, lastUpdatedAt }: WorkloadIdentityDocument) {
  return {
    name,
    workloadIdentityArn: workloadIdentityArn(scope, name),
    allowedResourceOauth2ReturnUrls,
    createdTime: createdAt,
    lastUpdatedTime: lastUpdatedAt,
  }
}

function checkedUrls(urls: string[]): string[] {
  const field = 'allowedResourceOauth2ReturnUrls'
  if (urls.length > returnUrlsPerIdentity) throw invalid(field, `holds ${urls.length} URLs; at most ${returnUrlsPerIdentity} are kept`)
  urls.forEach((url, index) => {
    if (!URL.canParse(url)) throw invalid(`${field}[${index}]`, `"${url.slice(0, 200)}" is no URL; write it as https://app.example.com/callback`)
  })
  return [...new Set(urls)]
}

// Tags of every kind of resource that exists. The owner of a kind tells whether an ARN is one of its own.
import type { ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, UntagResourceRequest } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'

type TagMap = Record<string, string>

const tagSets = collection<TagMap>('tags')
/** AWS: at most 50 tags on a resource. */
const maxTags = 50

/** True when the ARN names an existing resource of this kind. */
export type TagOwner = (reader: Reader, scope: Scope, arn: string) => Promise<boolean>

export async function putTags(tx: Transaction, scope: Scope, arn: string, tags: TagMap | undefined): Promise<void> {
  if (!tags || Object.keys(tags).length === 0) return
  refuseReserved(tags)
  await tx.put(tagSets, scope, arn, tags)
}

export async function removeTags(tx: Transaction, scope: Scope, arn: string): Promise<void> {
  await tx.delete(tagSets, scope, arn)
}

export function tags({ store, owners }: { store: Store; owners: readonly TagOwner[] }) {
  async function mustExist(reader: Reader, scope: Scope, arn: string) {
    for (const owner of owners) {
      if (await owner(reader, scope, arn)) return
    }
    throw notFound('Resource', arn)
  }

  return {
    async TagResource(ctx: Context, { resourceArn, tags: added }: TagResourceRequest) {
      refuseReserved(added)
      await store.transaction(async (tx) => {
        await mustExist(tx, ctx, resourceArn)
        const merged = { ...(await tx.get(tagSets, ctx, resourceArn)), ...added }
        if (Object.keys(merged).length > maxTags)
          throw invalid('tags', `a resource holds at most ${maxTags} tags; this call would make it ${Object.keys(merged).length}`)
        await tx.put(tagSets, ctx, resourceArn, merged)
      })
      return {}
    },

    async UntagResource(ctx: Context, { resourceArn, tagKeys }: UntagResourceRequest) {
      await store.transaction(async (tx) => {
        await mustExist(tx, ctx, resourceArn)
        const left = Object.entries((await tx.get(tagSets, ctx, resourceArn)) ?? {}).filter(([key]) => !tagKeys.includes(key))
        await tx.put(tagSets, ctx, resourceArn, Object.fromEntries(left))
      })
      return {}
    },

    async ListTagsForResource(ctx: Context, { resourceArn }: ListTagsForResourceRequest): Promise<ListTagsForResourceResponse> {
      await mustExist(store, ctx, resourceArn)
      return { tags: (await store.get(tagSets, ctx, resourceArn)) ?? {} }
    },
  }
}

function refuseReserved(added: TagMap) {
  const reserved = Object.keys(added).find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalid('tags', `the key "${reserved}" begins with aws:, which is reserved for AWS; choose another`)
}

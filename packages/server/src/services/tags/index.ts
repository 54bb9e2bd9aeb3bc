// Tags of every kind of resource that exists. The owner of a kind tells whether an ARN is one of its own.
import type { ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, UntagResourceRequest } from '@agentworks/model'
import { parseArn } from '#kernel/arn.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'

type TagMap = Record<string, string>

const tagSets = collection<TagMap>('tags')
/** AWS: at most 50 tags on a resource. */
const maxTags = 50

/** A kind of resource that has tags. */
export interface TagOwner {
  /** True when the ARN names an existing resource of this kind. */
  owns(reader: Reader, scope: Scope, arn: string): Promise<boolean>
  /** Throws when the tags, which would be all of them, mean what the resource cannot have. Absent: none means anything to it. */
  check?(reader: Reader, scope: Scope, arn: string, tags: Readonly<TagMap>): Promise<void>
  /** The change is on disk. */
  changed?(scope: Scope, arn: string): void
}

export async function tagsOf(reader: Reader, scope: Scope, arn: string): Promise<Readonly<TagMap>> {
  return (await reader.get(tagSets, scope, arn)) ?? {}
}

export async function putTags(tx: Transaction, scope: Scope, arn: string, tags: TagMap | undefined): Promise<void> {
  if (!tags || Object.keys(tags).length === 0) return
  refuseReserved(tags)
  await tx.put(tagSets, scope, arn, tags)
}

/** For kinds to which no tag means anything: the same rule as TagResource has for them. */
export async function putPlainTags(tx: Transaction, scope: Scope, arn: string, tags: TagMap | undefined): Promise<void> {
  if (tags) refuseMeaningful(tags)
  await putTags(tx, scope, arn, tags)
}

export async function removeTags(tx: Transaction, scope: Scope, arn: string): Promise<void> {
  await tx.delete(tagSets, scope, arn)
}

export function tags({ store, owners }: { store: Store; owners: readonly TagOwner[] }) {
  async function ownerOf(reader: Reader, scope: Scope, arn: string): Promise<TagOwner> {
    // Policies know a resource by its one ARN: under another partition it would be nobody's.
    if (parseArn(arn)?.partition !== 'aws') throw notFound('Resource', arn)
    for (const owner of owners) {
      if (await owner.owns(reader, scope, arn)) return owner
    }
    throw notFound('Resource', arn)
  }

  /** Changes the tags of a resource by `change`, if its owner can have them so. */
  async function rewrite(ctx: Context, arn: string, change: (tags: Readonly<TagMap>) => TagMap) {
    const owner = await store.transaction(async (tx) => {
      const found = await ownerOf(tx, ctx, arn)
      const changed = change(await tagsOf(tx, ctx, arn))
      if (Object.keys(changed).length > maxTags)
        throw invalid('tags', `a resource holds at most ${maxTags} tags; this call would make it ${Object.keys(changed).length}`)
      if (found.check) await found.check(tx, ctx, arn, changed)
      else refuseMeaningful(changed)
      await tx.put(tagSets, ctx, arn, changed)
      return found
    })
    owner.changed?.(ctx, arn)
  }

  return {
    async TagResource(ctx: Context, { resourceArn, tags: added }: TagResourceRequest) {
      refuseReserved(added)
      await rewrite(ctx, resourceArn, (tags) => ({ ...tags, ...added }))
      return {}
    },

    async UntagResource(ctx: Context, { resourceArn, tagKeys }: UntagResourceRequest) {
      await rewrite(ctx, resourceArn, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !tagKeys.includes(key))))
      return {}
    },

    async ListTagsForResource(ctx: Context, { resourceArn }: ListTagsForResourceRequest): Promise<ListTagsForResourceResponse> {
      await ownerOf(store, ctx, resourceArn)
      return { tags: { ...(await tagsOf(store, ctx, resourceArn)) } }
    },
  }
}

function refuseReserved(added: TagMap) {
  const reserved = Object.keys(added).find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalid('tags', `the key "${reserved}" begins with aws:, which is reserved for AWS; choose another`)
}

function refuseMeaningful(added: Readonly<TagMap>) {
  const meaningful = Object.keys(added).find((key) => key.toLowerCase().startsWith('agentworks:'))
  if (meaningful !== undefined)
    throw invalid('tags', `the key "${meaningful}" begins with agentworks:, which means nothing on such a resource; choose another`)
}

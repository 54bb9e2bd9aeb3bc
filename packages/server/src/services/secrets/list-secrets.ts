// ListSecrets: page by page in the order of names, so that many secrets cost no more than a page of them.
import type { Clock } from '#kernel/clock.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader, Row, Store } from '#ports/store.js'
import { type SecretDocument, secrets } from './documents.js'
import type { Filter, readList } from './inputs.js'
import { invalidParameter } from './members.js'

interface Described {
  Name: string
  Description?: string
  OwningService?: string
  Tags?: { Key: string; Value: string }[]
}

export interface ListPorts<Entry extends Described> {
  store: Store
  clock: Clock
  describe(reader: Reader, scope: Scope, secret: SecretDocument): Promise<Entry>
}

export async function listSecrets<Entry extends Described>(
  { store, clock, describe }: ListPorts<Entry>,
  scope: Scope,
  { limit, nextToken, withDeleted, descending, filters }: ReturnType<typeof readList>,
): Promise<{ SecretList: Entry[]; NextToken?: string }> {
  const found: { id: string; entry: Entry }[] = []
  for await (const { id, document } of rowsFrom(store, scope, afterOf(nextToken), descending, limit)) {
    const { deletedAt, deletionAt = Number.POSITIVE_INFINITY } = document
    if (deletionAt <= clock.now() || (deletedAt !== undefined && !withDeleted)) continue
    const entry = await describe(store, scope, document)
    if (!filters.every((filter) => matches(filter, entry))) continue
    found.push({ id, entry })
    if (found.length > limit) break
  }
  const page = found.slice(0, limit)
  return {
    SecretList: page.map(({ entry }) => entry),
    ...(found.length > limit && { NextToken: encodePageToken(page.at(-1)?.id ?? '') }),
  }
}

function afterOf(nextToken: string | undefined): string | undefined {
  try {
    return decodePageToken(nextToken)
  } catch {
    throw invalidParameter('NextToken is not one that a previous ListSecrets gave; start again without it.')
  }
}

async function* rowsFrom(
  store: Store,
  scope: Scope,
  after: string | undefined,
  descending: boolean,
  limit: number,
): AsyncGenerator<Row<SecretDocument>> {
  if (descending) {
    const all = (await store.list(secrets, scope)).toReversed()
    const at = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    yield* all.slice(at)
    return
  }
  for (let from = after; ; ) {
    const rows = await store.list(secrets, scope, { after: from, limit: limit + 1 })
    yield* rows
    if (rows.length <= limit) return
    from = rows.at(-1)?.id
  }
}

/** API ListSecrets, Filter: each value is a prefix, and one that begins with ! is of what is not wanted. */
function matches({ key, values }: Filter, entry: Described): boolean {
  const texts = textsOf(key, entry)
  const begins = (prefix: string) => {
    const ignoresCase = key === 'description' || key === 'all'
    return texts.some((text) => (ignoresCase ? text.toLowerCase().startsWith(prefix.toLowerCase()) : text.startsWith(prefix)))
  }
  return values.some((value) => (value.startsWith('!') ? !begins(value.slice(1)) : begins(value)))
}

function textsOf(key: Filter['key'], { Name, Description = '', OwningService, Tags = [] }: Described): string[] {
  switch (key) {
    case 'name':
      return [Name]
    case 'description':
      return [Description]
    case 'owning-service':
      return OwningService ? [OwningService] : []
    case 'tag-key':
      return Tags.map(({ Key }) => Key)
    case 'tag-value':
      return Tags.map(({ Value }) => Value)
    case 'all':
      // AWS breaks texts into words here.
      return [Name, ...[Name, Description, ...Tags.flatMap(({ Key, Value }) => [Key, Value])].flatMap((text) => text.split(/[\s/_+=.@-]+/))]
  }
}

// Listing with prefix and delimiter: keys that share what comes before the next delimiter are told once, as a common prefix.
import type { Scope } from '#kernel/scope.js'
import type { ListedObjects, Listing } from '#ports/buckets.js'
import type { Reader } from '#ports/store.js'
import { objectId, objects, requireBucket } from './documents.js'
import { factsOf } from './read-object.js'

const pageSize = 1000
/** Sorts after every key that begins with what stands before it, but for keys with this very character next. */
const lastCharacter = '\u{10ffff}'

export async function listObjects(reader: Reader, scope: Scope, { bucket, prefix, delimiter, after, limit }: Listing): Promise<ListedObjects> {
  await requireBucket(reader, scope, bucket)
  const answer: ListedObjects = { objects: [], commonPrefixes: [] }
  if (limit === 0) return answer
  const commonOf = (key: string) => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return at < 0 ? undefined : key.slice(0, at + delimiter.length)
  }
  // A page may have ended with a common prefix: all that it stands for was told with it.
  let told = after !== '' && commonOf(after) === after ? after : undefined
  let last = after
  let lastEntry = ''
  const page = Math.min(pageSize, limit + 1)
  for (;;) {
    // The rest of a common prefix is stepped over, however much it holds.
    const from = told !== undefined && last.startsWith(told) ? told + lastCharacter : last
    const rows = await reader.list(objects, scope, {
      prefix: objectId(bucket, prefix),
      after: from === '' ? undefined : objectId(bucket, from),
      limit: page,
    })
    for (const { id, document } of rows) {
      const key = id.slice(bucket.length + 1)
      const common = commonOf(key)
      last = key
      if (common !== undefined && common === told) continue
      if (answer.objects.length + answer.commonPrefixes.length === limit) return { ...answer, next: lastEntry }
      lastEntry = common ?? key
      told = common
      if (common === undefined) answer.objects.push(factsOf(key, document))
      else answer.commonPrefixes.push(common)
    }
    if (rows.length < page) return answer
  }
}

// At start, before any request: bytes that no row names were left by a crash between writing and naming, or by a
// replacement whose clean-up never came.
import type { ObjectBytes } from '#ports/objects.js'
import type { Store } from '#ports/store.js'
import { objects, parts } from './documents.js'

export async function sweepOrphans({ store, bytes }: { store: Store; bytes: ObjectBytes }): Promise<number> {
  const named = new Set<string>()
  for (const { document } of await store.all(objects)) named.add(document.handle)
  for (const { document } of await store.all(parts)) named.add(document.handle)
  let swept = 0
  for await (const handle of bytes.handles()) {
    if (named.has(handle)) continue
    await bytes.remove(handle)
    swept += 1
  }
  return swept
}

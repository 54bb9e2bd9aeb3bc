// Forgets an upload and its parts; the caller removes their bytes once this is durable.
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import { parts, uploads } from './documents.js'

export async function dropUpload(tx: Transaction, scope: Scope, rowId: string): Promise<string[]> {
  const uploadId = rowId.slice(rowId.indexOf('/') + 1)
  const handles: string[] = []
  for (const { id, document } of await tx.list(parts, scope, { prefix: `${uploadId}/` })) {
    handles.push(document.handle)
    await tx.delete(parts, scope, id)
  }
  await tx.delete(uploads, scope, rowId)
  return handles
}

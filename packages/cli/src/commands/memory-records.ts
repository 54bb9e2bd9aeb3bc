// memory records | search: what was learned.
import type { InNamespace } from '@agentworks/sdk/memory'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withMemory } from '#core/with-memory.js'

export interface RecordsOptions extends InNamespace {
  limit: number
}

export async function memoryRecords(invoked: Invoked, wanted: string, { limit, ...where }: RecordsOptions): Promise<void> {
  const { out } = invoked
  checkPlace(where)
  const records = await withMemory(invoked, wanted, (client, memoryId) =>
    client.sessionManager(memoryId).listLongTermMemoryRecords({ ...where, maxResults: limit }),
  )
  out.document(records)
  if (records.length === 0) return out.line(out.spell(`nothing was learned there yet; agentworks memory wait ${wanted} waits for what is under way`))
  for (const record of records) out.line(shown(record))
}

export interface SearchOptions extends InNamespace {
  topK: number
}

export async function memorySearch(invoked: Invoked, wanted: string, query: string, { topK, ...where }: SearchOptions): Promise<void> {
  const { out } = invoked
  checkPlace(where)
  const found = await withMemory(invoked, wanted, (client, memoryId) =>
    client.sessionManager(memoryId).searchLongTermMemories({ query, topK, ...where }),
  )
  out.document(found)
  if (found.length === 0) return out.line('no record there fits')
  for (const record of found) out.line(`${(record.score ?? 0).toFixed(3)}  ${shown(record)}`)
}

export function checkPlace({ namespace, namespacePath }: InNamespace): void {
  if (namespace !== undefined && namespacePath !== undefined)
    throw wrongUsage('--namespace names one exactly, --namespace-path all that begin with it', 'leave one of them out')
}

export interface ShownRecord {
  memoryRecordId?: string | undefined
  namespaces?: string[] | undefined
  createdAt?: Date | undefined
  content?: { text?: string | undefined } | undefined
}

export function shown({ memoryRecordId, namespaces = [], createdAt, content }: ShownRecord): string {
  return `${createdAt?.toISOString() ?? '-'}  ${namespaces.join(' ')}  ${memoryRecordId}\n    ${(content?.text ?? '').replaceAll('\n', '\n    ')}`
}

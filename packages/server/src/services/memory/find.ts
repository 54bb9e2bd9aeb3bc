// Memories by what calls name them: an id, or on the data operations an ARN too.
import { parseArn } from '#kernel/arn.js'
import { notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { MemoryKey } from '#ports/memory-events.js'
import type { Reader } from '#ports/store.js'
import { type MemoryDocument, memories } from './documents.js'

/** Of this account and Region, or not at all: an ARN of another one, or of another partition, names nothing here, whatever policies say of it. */
export function memoryKeyOf({ account, region }: Scope, idOrArn: string): MemoryKey {
  if (!idOrArn.startsWith('arn:')) return { account, region, memoryId: idOrArn }
  const arn = parseArn(idOrArn)
  if (arn?.partition !== 'aws' || arn.account !== account || arn.region !== region) throw notFound('Memory', idOrArn)
  return { account, region, memoryId: arn.resource.slice('memory/'.length) }
}

export async function findMemory(reader: Reader, scope: Scope, memoryId: string): Promise<MemoryDocument> {
  const found = await reader.get(memories, scope, memoryId)
  if (!found) throw notFound('Memory', memoryId)
  return found
}

/** For events and records: a memory that is being deleted has none any more. */
export async function findActiveMemory(reader: Reader, { memoryId, ...scope }: MemoryKey): Promise<MemoryDocument> {
  const memory = await findMemory(reader, scope, memoryId)
  if (memory.status !== 'ACTIVE') throw notFound('Memory', memoryId)
  return memory
}

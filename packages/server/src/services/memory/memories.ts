// Memories: create, get, update, list, delete. What is deleted goes in the background (deletions.ts).
import type {
  CreateMemoryInput,
  CreateMemoryOutput,
  DeleteMemoryInput,
  DeleteMemoryOutput,
  GetMemoryInput,
  GetMemoryOutput,
  IndexedKey,
  ListMemoriesInput,
  ListMemoriesOutput,
  StreamDeliveryResources,
  UpdateMemoryInput,
  UpdateMemoryOutput,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { conflict, invalid, quotaExceeded, unsupportedMember } from '#kernel/errors.js'
import { move } from '#kernel/moves.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import { once } from '#services/idempotency/index.js'
import { putTags } from '#services/tags/index.js'
import type { Deletions } from './deletions.js'
import { type MemoryDocument, memories, memoryArn, memoryNames } from './documents.js'
import { findMemory } from './find.js'
import { eventExpiryDays, indexedKeysPerMemory, memoriesPerAccount, strategiesPerAccount } from './limits.js'
import { refuseSystemKey } from './metadata-schema.js'
import { modifiedStrategies } from './modify-strategies.js'
import { checkNamespaceKeys, checkVariablesDeclared } from './namespace-keys.js'
import type { MemoryPorts } from './ports.js'
import { presentMemory, presentSummary } from './present.js'
import { memoryMoves } from './states.js'
import { checkTogether, newStrategies } from './strategies.js'

export function memoryOperations({ store, clock, ids, passing }: MemoryPorts, deletions: Deletions) {
  function checkGiven(ctx: Context, input: CreateMemoryInput | UpdateMemoryInput, sourceArn: string) {
    checkExpiry(input.eventExpiryDuration)
    refuseStreams(input.streamDeliveryResources)
    checkNamespaceKeys(input.namespaceKeys ?? [])
    const { memoryExecutionRoleArn: roleArn } = input
    if (roleArn !== undefined) passing.passRole(ctx.caller, { roleArn, member: 'memoryExecutionRoleArn', sourceArn }, ctx)
  }

  return {
    async CreateMemory(ctx: Context, input: CreateMemoryInput): Promise<CreateMemoryOutput> {
      const { name, description, eventExpiryDuration, memoryExecutionRoleArn, memoryStrategies = [], indexedKeys = [], namespaceKeys = [] } = input
      if (input.encryptionKeyArn !== undefined)
        throw unsupportedMember('encryptionKeyArn', 'memories are not encrypted at rest with keys of their own yet; leave it out.')
      const id = `${name}-${ids.alphanumeric(10)}`
      checkGiven(ctx, input, memoryArn(ctx, id))
      checkIndexedKeys(indexedKeys, 'indexedKeys')
      const strategies = newStrategies({ clock, ids, namespaceKeys }, memoryStrategies, 'memoryStrategies')
      checkTogether(strategies, memoryExecutionRoleArn, 'memoryStrategies')
      return store.transaction((tx) =>
        once(tx, ctx, { operation: 'CreateMemory', input }, clock, async () => {
          await takeName(tx, ctx, name, id)
          const now = clock.now()
          const memory: MemoryDocument = {
            id,
            name,
            status: 'ACTIVE',
            eventExpiryDuration,
            createdAt: now,
            updatedAt: now,
            ...(description !== undefined && { description }),
            ...(memoryExecutionRoleArn !== undefined && { memoryExecutionRoleArn }),
            strategies,
            indexedKeys,
            namespaceKeys,
          }
          await tx.put(memories, ctx, id, memory)
          await checkAllStrategies(tx, ctx)
          await putTags(tx, ctx, memoryArn(ctx, id), input.tags)
          return { memory: presentMemory(ctx, memory) }
        }),
      )
    },

    async GetMemory(ctx: Context, { memoryId }: GetMemoryInput): Promise<GetMemoryOutput> {
      return { memory: presentMemory(ctx, await findMemory(store, ctx, memoryId)) }
    },

    async UpdateMemory(ctx: Context, input: UpdateMemoryInput): Promise<UpdateMemoryOutput> {
      const { memoryId } = input
      checkGiven(ctx, input, memoryId.startsWith('arn:') ? memoryId : memoryArn(ctx, memoryId))
      return store.transaction((tx) =>
        once(tx, ctx, { operation: 'UpdateMemory', input }, clock, async () => {
          const before = await findMemory(tx, ctx, memoryId)
          if (before.status !== 'ACTIVE') throw conflict(`Memory ${memoryId} is ${before.status}, and cannot be changed any more.`)
          const memory = changed(before, input)
          await tx.put(memories, ctx, memoryId, memory)
          await checkAllStrategies(tx, ctx)
          return { memory: presentMemory(ctx, memory) }
        }),
      )
    },

    async ListMemories(ctx: Context, { maxResults = 10, nextToken }: ListMemoriesInput): Promise<ListMemoriesOutput> {
      const rows = await store.list(memories, ctx, { after: decodePageToken(nextToken), limit: maxResults + 1 })
      const page = rows.slice(0, maxResults)
      return {
        memories: page.map(({ document }) => presentSummary(ctx, document)),
        nextToken: rows.length > maxResults ? encodePageToken(page.at(-1)?.id ?? '') : undefined,
      }
    },

    async DeleteMemory(ctx: Context, input: DeleteMemoryInput): Promise<DeleteMemoryOutput> {
      const { memoryId } = input
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'DeleteMemory', input }, clock, async () => {
          const memory = await findMemory(tx, ctx, memoryId)
          await tx.put(memories, ctx, memoryId, { ...memory, status: move(memoryMoves, `memory ${memoryId}`, memory.status, 'DELETING') })
          return { memoryId, status: 'DELETING' as const }
        }),
      )
      deletions.begin({ account: ctx.account, region: ctx.region, memoryId })
      return output
    },
  }

  function changed(before: MemoryDocument, input: UpdateMemoryInput): MemoryDocument {
    const { description, eventExpiryDuration, memoryExecutionRoleArn, addIndexedKeys = [], namespaceKeys = before.namespaceKeys } = input
    const indexedKeys = [...before.indexedKeys, ...addIndexedKeys]
    checkIndexedKeys(indexedKeys, 'addIndexedKeys')
    const strategies = modifiedStrategies({ clock, ids, namespaceKeys }, before.strategies, input.memoryStrategies ?? {})
    checkVariablesDeclared(strategies, namespaceKeys)
    const memory = {
      ...before,
      ...(description !== undefined && { description }),
      ...(eventExpiryDuration !== undefined && { eventExpiryDuration }),
      ...(memoryExecutionRoleArn !== undefined && { memoryExecutionRoleArn }),
      indexedKeys,
      namespaceKeys,
      strategies,
      updatedAt: clock.now(),
    }
    checkTogether(strategies, memory.memoryExecutionRoleArn, 'memoryStrategies')
    return memory
  }
}

function checkExpiry(days: number | undefined) {
  const { least, most } = eventExpiryDays
  if (days !== undefined && (days < least || days > most)) throw invalid('eventExpiryDuration', `must be from ${least} to ${most} days, is ${days}`)
}

function refuseStreams(streams: StreamDeliveryResources | undefined) {
  if (streams && streams.resources.length > 0)
    throw unsupportedMember(
      'streamDeliveryResources.resources[0].kinesis',
      'there is no Kinesis on this machine to deliver records to. Leave it out, and read records with ListMemoryRecords.',
    )
}

function checkIndexedKeys(keys: readonly IndexedKey[], field: string) {
  keys.forEach(({ key }, at) => {
    refuseSystemKey(key, field)
    if (keys.findIndex((other) => other.key === key) < at) throw invalid(field, `the key "${key}" is indexed already; a key has one type for ever`)
  })
  if (keys.length > indexedKeysPerMemory)
    throw invalid(field, `a memory has at most ${indexedKeysPerMemory} indexed keys; this call would make it ${keys.length}`)
}

/** AWS answers a ValidationException that says "already exists", by which its SDKs know what to do. */
async function takeName(tx: Transaction, scope: Scope, name: string, id: string) {
  if (!(await tx.insert(memoryNames, scope, name, { id })))
    throw invalid('name', `a memory named ${name} already exists; choose another name, or use UpdateMemory`)
  const count = (await tx.list(memoryNames, scope, { limit: memoriesPerAccount + 1 })).length
  if (count > memoriesPerAccount) throw quotaExceeded(`There are ${memoriesPerAccount} memories, which is the limit. Delete one first.`)
}

async function checkAllStrategies(tx: Transaction, scope: Scope) {
  const all = await tx.list(memories, scope)
  const count = all.reduce((sum, { document }) => sum + document.strategies.length, 0)
  if (count > strategiesPerAccount)
    throw quotaExceeded(`There would be ${count} strategies in all memories; the limit is ${strategiesPerAccount}. Delete some first.`)
}

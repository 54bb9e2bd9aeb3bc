// The memory service, tied to the rows that it keeps beside the store's documents, to the models that it asks, and to where it delivers.
import { Readable } from 'node:stream'
import type { ConverseRequest, ConverseResponse } from '@agentworks/model'
import { sqliteExtractionJobs } from '#adapters/sqlite/extraction-jobs.js'
import { sqliteMemoryEvents } from '#adapters/sqlite/memory-events.js'
import { sqliteMemoryRecords } from '#adapters/sqlite/memory-records.js'
import type { SqliteStore } from '#adapters/sqlite/tables.js'
import type { Caller, Context } from '#kernel/context.js'
import type { Scope } from '#kernel/scope.js'
import type { Buckets } from '#ports/buckets.js'
import type { Authorizer } from '#ports/callers.js'
import { type MemoryModels, type MemoryPorts, memory, type SelfManagedDeliveries } from '#services/memory/index.js'

type Made = 'events' | 'records' | 'jobs' | 'models' | 'deliveries' | 'followers' | 'rows'

interface MemoryWorld extends Omit<MemoryPorts, 'store' | Made> {
  store: SqliteStore
  authorizer: Authorizer
  models: {
    providerOf(modelId: string): string
    operations: { Converse(context: Context, input: ConverseRequest): Promise<ConverseResponse> }
  }
  buckets: Pick<Buckets, 'putObject'>
  topics: { publish(scope: Scope, topicArn: string, news: { message: string; messageId: string }): Promise<void> }
}

export function openMemory({ models, buckets, topics, ...world }: MemoryWorld) {
  const { tables } = world.store
  return memory({
    ...world,
    events: sqliteMemoryEvents(tables, world.clock),
    records: sqliteMemoryRecords(tables),
    jobs: sqliteExtractionJobs(tables),
    models: memoryModels(world, models),
    deliveries: selfManagedDeliveries(world, buckets, topics),
    followers: [],
    rows: [],
  })
}

/** What no customer chose is asked for by this name: it leads to the platform's default. */
const usualModel = 'agentworks.memory'

function memoryModels({ authorizer, ids }: Pick<MemoryWorld, 'authorizer' | 'ids'>, { providerOf, operations }: MemoryWorld['models']): MemoryModels {
  return {
    providerOf: (modelId = usualModel) => providerOf(modelId),
    async ask({ scope, roleArn, modelId = usualModel, system, prompt, signal }) {
      if (roleArn !== undefined) {
        const model = modelId.startsWith('arn:') ? modelId : `arn:aws:bedrock:${scope.region}::foundation-model/${modelId}`
        authorizer.authorize(actingAs(roleArn, scope), 'bedrock:InvokeModel', model)
      }
      const context: Context = { ...scope, requestId: ids.uuid(), headers: {}, caller: actingAs(roleArn, scope), signal }
      const messages: ConverseRequest['messages'] = [{ role: 'user', content: [{ text: prompt }] }]
      const { output } = await operations.Converse(context, { modelId, system: [{ text: system }], messages })
      return output.message.content.map(({ text = '' }) => text).join('')
    },
  }
}

function selfManagedDeliveries(
  { authorizer }: { authorizer: Authorizer },
  buckets: MemoryWorld['buckets'],
  topics: MemoryWorld['topics'],
): SelfManagedDeliveries {
  return {
    async putObject({ scope, roleArn, bucket, key, body }) {
      authorizer.authorize(actingAs(roleArn, scope), 's3:PutObject', `arn:aws:s3:::${bucket}/${key}`)
      const headers = { 'content-type': 'application/json' }
      await buckets.putObject(scope, { bucket, key, body: Readable.from([Buffer.from(body)]), headers, metadata: {}, conditions: {} })
    },
    async publish({ scope, roleArn, topicArn, ...news }) {
      authorizer.authorize(actingAs(roleArn, scope), 'sns:Publish', topicArn)
      await topics.publish(scope, topicArn, news)
    },
  }
}

/** A memory's own calls: as its role, or as the platform where it has none. */
function actingAs(roleArn: string | undefined, { account, region }: Scope): Caller {
  const root = { account, region, kind: 'root' as const, accessKeyId: 'memory', principalArn: `arn:aws:iam::${account}:root` }
  return roleArn === undefined ? root : { ...root, kind: 'session', principalArn: roleArn, roleArn }
}

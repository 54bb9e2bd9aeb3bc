// Records of a memory by the stock client: written by the hundred, and asked for.
import { BatchCreateMemoryRecordsCommand, BedrockAgentCoreClient, RetrieveMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient, CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { type Platform, region } from './platform.ts'

export interface BenchRecord {
  text: string
  namespace: string
  at: Date
}

export type RecordsClient = Awaited<ReturnType<typeof newRecordsMemory>>

const perCall = 100

export async function newRecordsMemory({ url, credentials }: Platform) {
  const config = { endpoint: url.href, region, credentials }
  const data = new BedrockAgentCoreClient(config)
  const { memory } = await new BedrockAgentCoreControlClient(config).send(new CreateMemoryCommand({ name: 'records', eventExpiryDuration: 30 }))
  const memoryId = memory?.id ?? ''
  return {
    async write(all: readonly BenchRecord[]): Promise<void> {
      for (let from = 0; from < all.length; from += perCall) {
        const records = all.slice(from, from + perCall).map(({ text, namespace, at }, n) => ({
          requestIdentifier: `r${n}`,
          namespaces: [namespace],
          content: { text },
          timestamp: at,
        }))
        const { failedRecords = [] } = await data.send(new BatchCreateMemoryRecordsCommand({ memoryId, records }))
        if (failedRecords.length > 0) throw new Error(`a record was refused: ${failedRecords[0]?.errorMessage}`)
      }
    },

    async find(searchQuery: string, where: { namespace?: string; namespacePath?: string }, topK: number): Promise<string[]> {
      const { memoryRecordSummaries = [] } = await data.send(
        new RetrieveMemoryRecordsCommand({ memoryId, ...where, searchCriteria: { searchQuery, topK } }),
      )
      return memoryRecordSummaries.map(({ content }) => content?.text ?? '')
    },
  }
}

// Records of a memory by the stock client: written by the hundred, and asked for.
import { BatchCreateMemoryRecordsCommand, BedrockAgentCoreClient, RetrieveMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient, CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { type Platform, region } from './platform.ts'
import { type Call, signedHead } from './signed.ts'

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

    /** A question that was signed before, as one request: what a client of its own costs is not measured. */
    async question(searchQuery: string, where: { namespace?: string; namespacePath?: string }): Promise<() => Promise<unknown>> {
      const call: Call = {
        method: 'POST',
        path: `/memories/${memoryId}/retrieve`,
        body: JSON.stringify({ ...where, searchCriteria: { searchQuery, topK: 10 } }),
      }
      const { url: at, headers } = await signedHead({ url, credentials }, call)
      return async () => {
        const answer = await fetch(at, { method: 'POST', headers, body: call.body })
        if (!answer.ok) throw new Error(`a question was answered with ${answer.status}: ${await answer.text()}`)
        return answer.json()
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

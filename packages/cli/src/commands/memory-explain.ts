// memory explain: which records a question finds, and why these.
import type { InNamespace } from '@agentworks/sdk/memory'
import { adminFetch } from '#core/connection.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withMemory } from '#core/with-memory.js'
import { checkPlace } from './memory-records.js'

export interface ExplainRetrievalOptions extends InNamespace {
  topK: number
  filter: string[]
}

interface Explained {
  searched: number
  heldTo: string[]
  records: {
    memoryRecordId: string
    text: string
    namespace: string
    score: number
    sharedTerms: string[]
    parts: { words: number; neighbours: number; talk: number; named: boolean; timely: boolean }
    outdatedBy?: string
    learnedBy?: string
    learnedFrom: { eventId: string; at?: number; said?: string[] }[]
  }[]
}

export async function memoryExplain(invoked: Invoked, wanted: string, searchQuery: string, options: ExplainRetrievalOptions): Promise<void> {
  const { out } = invoked
  const { topK, filter, ...where } = options
  checkPlace(where)
  const odd = filter.find((one) => !/^[^=\n]+=[^\n]*$/.test(one))
  if (odd !== undefined) throw wrongUsage(`--filter ${odd} is not of the form KEY=VALUE`, '--filter topic=food')
  const memoryId = await withMemory(invoked, wanted, async (_client, id) => id)
  const body = { searchQuery, topK: String(topK), filters: filter.join('\n'), ...where }
  const answer = await adminFetch(invoked, `memories/${encodeURIComponent(memoryId)}/explain`, { method: 'POST', body })
  const explained = (await answer.json()) as Explained
  out.document(explained)
  const { searched, heldTo, records } = explained
  out.line(`${searched} records were searched${heldTo.length > 0 ? `, held to: ${heldTo.join('; ')}` : ''}; ${records.length} came back`)
  for (const { memoryRecordId, text, namespace, score, sharedTerms, parts, outdatedBy, learnedBy, learnedFrom } of records) {
    out.line(`${score.toFixed(3)}  ${namespace}  ${memoryRecordId}`)
    out.line(`    ${text.replaceAll('\n', '\n    ')}`)
    out.line(`    shares with the question: ${sharedTerms.length > 0 ? sharedTerms.join(' ') : 'no word; it is told because nothing fits better'}`)
    const besides = [
      `its words ${parts.words.toFixed(2)}`,
      ...(parts.neighbours > 0 ? [`what was said beside it ${parts.neighbours.toFixed(2)}`] : []),
      ...(parts.talk > 0 ? [`its talk ${parts.talk.toFixed(2)}`] : []),
      ...(parts.named ? ['by or about whom the question names'] : []),
      ...(parts.timely ? ['of the time that the question names'] : []),
    ]
    if (score > 0) out.line(`    for it speak: ${besides.join(', ')}`)
    if (outdatedBy !== undefined) out.line(`    no longer true: ${outdatedBy} says otherwise`)
    if (learnedBy !== undefined) out.line(`    learned by: ${learnedBy}`)
    if (learnedFrom.length === 0) out.line('    learned from: nothing; it was written as a record')
    for (const { eventId, said } of learnedFrom) {
      out.line(`    learned from: ${eventId}${said ? '' : ' (deleted or expired)'}`)
      for (const line of said ?? []) out.line(`      ${line.slice(0, 200).replaceAll('\n', ' ')}`)
    }
  }
}

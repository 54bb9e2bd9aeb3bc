// Events of one session, as far back as is needed: AWS lists the newest first.
import { type BedrockAgentCoreClient, type Event, type ListEventsInput, paginateListEvents } from '@aws-sdk/client-bedrock-agentcore'
import { messagesOf, turnsOf } from './messages.js'

export interface SessionNames {
  memoryId: string
  actorId: string
  sessionId: string
}

export interface OfBranch {
  /** `main` when absent. */
  branchName?: string | undefined
  /** With what the branch forked from, up to there. Default true. */
  includeParentBranches?: boolean | undefined
}

const main = 'main'

/** The newest first; all of them unless who reads stops. */
export async function* newestEvents(
  data: BedrockAgentCoreClient,
  names: SessionNames,
  { branchName = main, includeParentBranches = true }: OfBranch = {},
) {
  const filter = branchName === main ? undefined : { branch: { name: branchName, includeParentBranches } }
  // Without a filter every branch is listed; AWS does not say that `main` is one to filter by.
  for await (const event of everyEvent(data, { ...names, ...(filter && { filter }) })) if (filter || isOfMain(event)) yield event
}

export async function* everyEvent(data: BedrockAgentCoreClient, input: Omit<ListEventsInput, 'maxResults' | 'nextToken'>): AsyncGenerator<Event> {
  for await (const { events = [] } of paginateListEvents({ client: data, pageSize: 100 }, { includePayloads: true, ...input })) yield* events
}

export const isOfMain = ({ branch }: Event): boolean => branch?.name === undefined || branch.name === main

/** The last `turns` turns, oldest first, and what each holds in order. */
export async function lastTurns(data: BedrockAgentCoreClient, names: SessionNames, turns: number, of?: OfBranch) {
  if (turns < 1) return []
  const found: Event[] = []
  let begun = 0
  for await (const event of newestEvents(data, names, of)) {
    found.push(event)
    begun += messagesOf(event).filter(({ role }) => role === 'USER').length
    if (begun >= turns) break
  }
  return turnsOf(found.toReversed().flatMap(messagesOf)).slice(-turns)
}

/** The last `most` messages, oldest first. */
export async function lastMessages(data: BedrockAgentCoreClient, names: SessionNames, most: number, of?: OfBranch) {
  const found: Event[] = []
  let count = 0
  for await (const event of newestEvents(data, names, of)) {
    found.push(event)
    count += messagesOf(event).length
    if (count >= most) break
  }
  return found.toReversed().flatMap(messagesOf).slice(-most)
}

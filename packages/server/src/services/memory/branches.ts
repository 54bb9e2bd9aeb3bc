// Branches: a talk forks from any of its events. The main one has no root, and no name in a row.
import type { Branch, BranchFilter } from '@agentworks/model'
import { invalid, invalidFields, notFound } from '#kernel/errors.js'
import type { BranchPart, Living, MemoryEventReads, MemoryEventWrites, SessionKey } from '#ports/memory-events.js'
import { eventIdOf, eventKeyOf } from './event-ids.js'

export const mainBranch = 'main'

/** The branch that a new event goes to, made if this is its first; `undefined` is the main one. */
export async function branchFor(
  events: MemoryEventWrites,
  session: SessionKey,
  given: Branch | undefined,
  living: Living,
): Promise<string | undefined> {
  if (!given) return undefined
  const { name, rootEventId } = given
  if (name === mainBranch) {
    if (rootEventId !== undefined) throw invalid('branch.rootEventId', 'is not for the branch main, which forks from nothing; leave it out')
    return undefined
  }
  const known = await events.branch(session, name)
  if (!known) {
    if (rootEventId === undefined) throw invalid('branch.rootEventId', `is required to begin branch ${name}: name the event that it forks from`)
    await events.putBranch(session, { name, root: await rootOf(events, session, rootEventId, living) })
  } else if (rootEventId !== undefined && rootEventId !== eventIdOf(known.root)) {
    throw invalid('branch.rootEventId', `branch ${name} forks from ${eventIdOf(known.root)}; leave it out, or begin a branch of another name`)
  }
  return name
}

async function rootOf(events: MemoryEventReads, session: SessionKey, rootEventId: string, living: Living) {
  const key = eventKeyOf(rootEventId)
  const root = key && (await events.get(session, key, living))
  if (root) return { at: root.at, arrival: root.arrival, ...(root.branch !== undefined && { branch: root.branch }) }
  if (key && (await events.isElsewhere(session, key, living)))
    throw invalidFields(
      [{ name: 'branch.rootEventId', message: `${rootEventId} is an event of another session; a branch forks from an event of its own session` }],
      'EventInOtherSession',
    )
  throw notFound('Event', rootEventId)
}

/** What a list by branch is of: the branch, and with its parents each of them up to the event that was forked from. */
export async function partsOf(events: MemoryEventReads, session: SessionKey, { name, includeParentBranches }: BranchFilter): Promise<BranchPart[]> {
  const parts: BranchPart[] = [name === mainBranch ? {} : { name }]
  let branch = name === mainBranch ? undefined : await events.branch(session, name)
  while (includeParentBranches && branch) {
    const { branch: parent, ...upTo } = branch.root
    parts.push({ ...(parent !== undefined && { name: parent }), upTo })
    branch = parent === undefined ? undefined : await events.branch(session, parent)
  }
  return parts
}

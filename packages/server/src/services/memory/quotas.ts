// As many calls a second as AWS takes, where the operator asks for that: for an account, and for each of its sessions.
import type { CreateEventInput, ListEventsInput } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { type RateLimit, rateLimit } from '#kernel/rate-limit.js'
import { callsOfSession, callsPerSecond, countedSessions } from './limits.js'
import type { MemoryPorts } from './ports.js'

type Operations = Readonly<Record<string, (ctx: Context, input: never) => Promise<unknown>>>

export function withinQuotas<Table extends Operations>(clock: Clock, quotas: MemoryPorts['quotas'], operations: Table): Table {
  if (quotas === 'none') return operations
  const ofAccounts = new Map<string, RateLimit>()
  const ofSessions = new Map<string, RateLimit>()
  const limit = (limits: Map<string, RateLimit>, key: string, perSecond: number, what: string) => {
    const known = limits.get(key)
    if (known) return known
    const fresh = rateLimit(clock, { perSecond, what, setting: 'AGENTWORKS_MEMORY_QUOTAS (none lifts it)', code: 'ThrottledException' })
    // The oldest goes: its bucket has filled again long since.
    if (limits.size >= countedSessions) for (const oldest of limits.keys()) if (limits.delete(oldest)) break
    limits.set(key, fresh)
    return fresh
  }
  const limited = Object.entries(operations).map(([name, operation]) => [
    name,
    async (ctx: Context, input: never) => {
      const perSecond = callsPerSecond[name as keyof typeof callsPerSecond]
      if (perSecond !== undefined) limit(ofAccounts, `${ctx.account}/${ctx.region}/${name}`, perSecond, `${name} calls`).take()
      const session = sessionRate(name, input)
      if (session) limit(ofSessions, `${ctx.account}/${ctx.region}/${session.key}`, session.perSecond, `${name} calls of one session`).take()
      return operation(ctx, input)
    },
  ])
  return Object.fromEntries(limited) as Table
}

function sessionRate(name: string, input: object): { key: string; perSecond: number } | undefined {
  const { memoryId, actorId, sessionId, payload = [] } = input as Partial<CreateEventInput & ListEventsInput>
  const key = JSON.stringify([name, memoryId, actorId, sessionId])
  if (name === 'ListEvents') return { key, perSecond: callsOfSession.ListEvents }
  if (name !== 'CreateEvent') return undefined
  const kind = payload.some(({ conversational }) => conversational) ? 'conversational' : 'other'
  return { key: `${key}${kind}`, perSecond: callsOfSession.CreateEvent[kind] }
}

// What an agent's answer to `/ping` says of it (developer guide: runtime-http-protocol-contract).

export type PingStatus = 'Healthy' | 'HealthyBusy'

/** What is known of the agent's own state. `changedAt`: when its status last changed, by its word or by our watch. */
export interface Health {
  status: PingStatus
  changedAt: number
  /** When it last answered; absent before the first answer. */
  answeredAt: number | undefined
  silentSince: number | undefined
}

const longestPing = 4_096

/** The body of a ping, as far as it can matter. */
export async function pingText(response: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const piece of response) {
    text += piece.toString('utf8')
    if (text.length > longestPing) break
  }
  return text
}

/** AWS: `time_of_last_update` is when the status last changed; without it the platform keeps the time itself. */
export function healthAfter(before: Health, body: string, now: number): Health {
  const { status, changedAt } = parsePing(body)
  const kept = status === before.status ? before.changedAt : now
  return { status, changedAt: changedAt === undefined ? kept : Math.min(changedAt, now), answeredAt: now, silentSince: undefined }
}

export const silentSince = (before: Health, now: number): Health => ({ ...before, silentSince: before.silentSince ?? now })

function parsePing(body: string): { status: PingStatus; changedAt?: number } {
  try {
    const parsed = JSON.parse(body) as { status?: unknown; time_of_last_update?: unknown }
    const seconds = parsed.time_of_last_update
    return {
      status: parsed.status === 'HealthyBusy' ? 'HealthyBusy' : 'Healthy',
      changedAt: typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined,
    }
  } catch {
    return { status: 'Healthy' }
  }
}

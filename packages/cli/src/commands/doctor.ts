// doctor: asks the running platform; without one, tries the host itself.
import { adminFetch } from '#core/connection.js'
import { runningPlatform } from '#core/data-folder.js'
import type { Invoked } from '#core/invoked.js'

interface Guarantee {
  name: string
  holds: boolean
  detail: string
  fix?: string
}

export async function doctor(invoked: Invoked): Promise<void> {
  const { out, dataDir } = invoked
  const report = await tested(invoked, dataDir)
  out.document(report)
  for (const { name, holds, detail, fix } of guaranteesOf(report)) {
    out.line(`${holds ? 'holds ' : 'MISSING'}  ${name}: ${detail}`)
    if (fix) out.line(`         fix: ${fix}`)
  }
}

async function tested(invoked: Invoked, dataDir: string): Promise<unknown> {
  if (await runningPlatform(dataDir)) return (await adminFetch(invoked, 'doctor', { signal: AbortSignal.timeout(60_000) })).json()
  const server = await import('@agentworks/server')
  return server.doctor({ dataDir })
}

function guaranteesOf(report: unknown): Guarantee[] {
  if (Array.isArray(report)) return report as Guarantee[]
  const guarantees: unknown = typeof report === 'object' && report !== null && 'guarantees' in report ? report.guarantees : []
  return Array.isArray(guarantees) ? (guarantees as Guarantee[]) : []
}

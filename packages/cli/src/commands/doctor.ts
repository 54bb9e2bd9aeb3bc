// doctor: which guarantees hold. The running platform tries them itself; without one, this process does.
import type { DoctorReport } from '@agentworks/server'
import { adminFetch } from '#core/connection.js'
import { runningPlatform } from '#core/data-folder.js'
import type { Invoked } from '#core/invoked.js'

export async function doctor(invoked: Invoked): Promise<void> {
  const { out, world } = invoked
  const isRunning = (await runningPlatform(invoked.dataDir)) !== undefined
  const report = isRunning ? await askPlatform(invoked) : await (await import('@agentworks/server')).doctor({ env: world.env })
  out.document(report)
  out.line(`isolation: ${report.isolation}${report.weakened ? ` (${report.weakened.reason})` : ''}`)
  if (report.weakened?.fix) out.line(`  fix: ${report.weakened.fix}`)
  showGuarantees(out, report.guarantees)
  const { engine, guarantees } = report.containers
  if (engine.ok) out.line(`containers: ${engine.engine}, linux/${engine.architecture}`)
  else out.line(`containers: none run here: ${engine.reason}\n  fix: ${engine.fix}`)
  showGuarantees(out, guarantees)
  for (const { runtime, version, exact, fix } of report.interpreters) {
    if (version) out.line(`${runtime}: runs on ${version}${exact ? '' : ` (install ${exactly(runtime)} for the exact one)`}`)
    else out.line(`${runtime}: nothing to run it with${fix ? `; fix: ${fix}` : ''}`)
  }
}

function showGuarantees(out: Invoked['out'], guarantees: DoctorReport['guarantees']): void {
  for (const { name, holds, detail, fix } of guarantees) {
    out.line(`${holds ? 'holds  ' : 'MISSING'}  ${name}: ${detail}`)
    if (!holds) out.line(`  ${fix ? `fix: ${fix}` : withoutFix(name)}`)
  }
}

/** A guarantee that nobody can mend here is one that this version does not give yet; a broken bubblewrap is not one of them. */
function withoutFix(name: string): string {
  return name === 'bubblewrap works' ? 'fix: see what this says: bwrap --unshare-all --ro-bind / / true' : 'follows in a later version'
}

/** `PYTHON_3_14` as `python3.14`, `NODE_22` as `Node 22`. */
function exactly(runtime: string): string {
  const [language, ...version] = runtime.split('_')
  return language === 'PYTHON' ? `python${version.join('.')}` : `Node ${version.join('.')}`
}

const codeRuntimes = ['NODE_22', 'PYTHON_3_10', 'PYTHON_3_11', 'PYTHON_3_12', 'PYTHON_3_13', 'PYTHON_3_14'] as const

async function askPlatform(invoked: Invoked): Promise<DoctorReport> {
  const ask = async <Answer>(path: string) => (await (await adminFetch(invoked, path, { signal: AbortSignal.timeout(60_000) })).json()) as Answer
  const { isolation, weakened } = await ask<Pick<DoctorReport, 'isolation' | 'weakened'>>('about')
  const guarantees = await ask<DoctorReport['guarantees']>('doctor')
  const containers = await ask<DoctorReport['containers']>('containers')
  const interpreters = await Promise.all(
    codeRuntimes.map(async (runtime) => {
      const found = await ask<{ version: string; exact: boolean } | null>(`interpreters/${runtime}`)
      return { runtime, version: found?.version, exact: found?.exact ?? false }
    }),
  )
  return { isolation, weakened, guarantees, containers, interpreters }
}

// Many sessions: thirty started at once, and what an idle one costs in memory, against bare agents under bubblewrap.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { atLeast, atMost, type Figure, ms } from '../figures.ts'
import { deploy, newDataDir, type Platform, startPlatform } from '../platform.ts'
import { benchFile } from '../processes.ts'
import { signedHead } from '../signed.ts'
import { median } from '../statistics.ts'
import { bareAgent, canSandbox, invokeOnce } from './bare-agent.ts'

const many = 30
const rounds = 3
const body = '{"prompt":"hello"}'
const file = benchFile('agents/echo.mjs')

export async function measureBurst(): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    const { arn } = await deploy(platform, { name: 'burst', file, runtime: 'NODE_22' })
    const seen = { ours: [] as number[], bare: [] as number[] }
    let perGib = { ours: 0, bare: 0 }
    for (let round = 0; round <= rounds; round += 1) {
      const ours = await startOurs(platform, arn, round)
      const bare = await startBare()
      perGib = { ours: ours.perGib, bare: bare.perGib }
      if (round === 0) continue
      seen.ours.push(ours.ms)
      seen.bare.push(bare.ms)
    }
    const [ours, bare] = [median(seen.ours), median(seen.bare)]
    const memory = perGib.ours / perGib.bare
    return [
      {
        measure: `${many} cold sessions at once, all answered`,
        ours: ms(ours),
        baseline: `bare ${kind} node ${ms(bare)}`,
        ratio: ours / bare,
        reach: atMost(ours / bare, 1.5),
      },
      {
        measure: 'idle sessions for each GiB, by PSS',
        ours: perGib.ours.toFixed(0),
        baseline: `bare ${kind} node ${perGib.bare.toFixed(0)}`,
        ratio: memory,
        reach: atLeast(memory, 0.75),
      },
    ]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

const kind = canSandbox ? 'bwrap' : 'process'

async function startOurs(platform: Platform, arn: string, round: number): Promise<{ ms: number; perGib: number }> {
  const runtime = `/runtimes/${encodeURIComponent(arn)}`
  const sessions = Array.from({ length: many }, (_, n) => ({
    'x-amzn-bedrock-agentcore-runtime-session-id': `burst-${round}-${n}-${'0'.repeat(33)}`,
  }))
  const invokes = await Promise.all(
    sessions.map((headers) => signedHead(platform, { method: 'POST', path: `${runtime}/invocations`, headers, body })),
  )
  const own = descendants(process.pid)
  const from = performance.now()
  await Promise.all(invokes.map((invoke) => post(invoke)))
  const took = performance.now() - from
  const perGib = await sessionsPerGib(own)
  const stops = sessions.map((headers) =>
    signedHead(platform, { method: 'POST', path: `${runtime}/stopruntimesession`, headers, query: { qualifier: 'DEFAULT' }, body: '{}' }),
  )
  for (const stop of await Promise.all(stops)) await post(stop, '{}')
  return { ms: took, perGib }
}

async function post({ url, headers }: { url: string; headers: Record<string, string> }, payload = body): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body: payload })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}: ${text}`)
}

async function startBare(): Promise<{ ms: number; perGib: number }> {
  const own = descendants(process.pid)
  const from = performance.now()
  const agents = await Promise.all(
    Array.from({ length: many }, async () => {
      const agent = await bareAgent('node', file, { sandboxed: canSandbox })
      await invokeOnce(agent.socketPath, body)
      return agent
    }),
  )
  const took = performance.now() - from
  const perGib = await sessionsPerGib(own)
  for (const agent of agents) await agent.stop()
  return { ms: took, perGib }
}

/** Of the processes that came since `before`: everything that a session brings, supervisors included. */
async function sessionsPerGib(before: ReadonlySet<number>): Promise<number> {
  await delay(1_000)
  const kib = [...descendants(process.pid)].filter((pid) => !before.has(pid)).reduce((sum, pid) => sum + pssOf(pid), 0)
  return (2 ** 20 * many) / kib
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function descendants(root: number): Set<number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // Gone meanwhile.
    }
  }
  const found = new Set<number>([root])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid)
  }
  return found
}

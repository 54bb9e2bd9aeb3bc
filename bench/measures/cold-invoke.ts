// The first invocation of a new session, through the API, against the same agent started by bare bubblewrap.
import { rmSync } from 'node:fs'
import { atMost, type Figure, ms } from '../figures.ts'
import { type AgentCode, deploy, newDataDir, type Platform, startPlatform } from '../platform.ts'
import { benchFile } from '../processes.ts'
import { type Call, signedHead } from '../signed.ts'
import { median } from '../statistics.ts'
import { bareAgent, canSandbox, invokeOnce, python } from './bare-agent.ts'

const rounds = 15
const body = '{"prompt":"hello"}'

export async function measureColdInvoke(): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    const node = await measureAgent(platform, 'node', { name: 'cold_node', file: benchFile('agents/echo.mjs'), runtime: 'NODE_22' })
    const ratio = node.ours / node.bare
    const figures: Figure[] = [
      { measure: 'cold invoke, Node agent', ours: ms(node.ours), baseline: `bare ${kind} node ${ms(node.bare)}`, ratio, reach: atMost(ratio, 2) },
      { measure: 'of it: session start (instance up, agent answers)', ours: ms(startOf(platform)), baseline: '' },
    ]
    if (!python) return [...figures, { measure: 'cold invoke, Python agent', ours: 'SKIPPED: no python3 from 3.10 to 3.14', baseline: '' }]
    const other = await measureAgent(platform, 'python', { name: 'cold_python', file: benchFile('agents/echo.py'), runtime: python.runtime })
    const otherBaseline = `bare ${kind} python ${ms(other.bare)}`
    return [...figures, { measure: 'cold invoke, Python agent', ours: ms(other.ours), baseline: otherBaseline, ratio: other.ours / other.bare }]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

const kind = canSandbox ? 'bwrap' : 'process'

async function measureAgent(platform: Platform, language: 'node' | 'python', code: AgentCode): Promise<{ ours: number; bare: number }> {
  const { arn } = await deploy(platform, code)
  const seen = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const ours = await invokeCold(platform, arn, `cold-${round}-${'0'.repeat(33)}`)
    const bare = await startBare(language, code.file)
    // The first fills the page cache.
    if (round === 0) continue
    seen.ours.push(ours)
    seen.bare.push(bare)
  }
  return { ours: median(seen.ours), bare: median(seen.bare) }
}

async function startBare(language: 'node' | 'python', file: string): Promise<number> {
  const from = performance.now()
  const agent = await bareAgent(language, file, { sandboxed: canSandbox })
  await invokeOnce(agent.socketPath, body)
  const took = performance.now() - from
  await agent.stop()
  return took
}

/** From the signed request to the end of the answer. The session is stopped before the next begins. */
async function invokeCold(platform: Platform, arn: string, session: string): Promise<number> {
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': session }
  const runtime = `/runtimes/${encodeURIComponent(arn)}`
  const took = await send(platform, { method: 'POST', path: `${runtime}/invocations`, headers, body })
  await send(platform, { method: 'POST', path: `${runtime}/stopruntimesession`, headers, query: { qualifier: 'DEFAULT' }, body: '{}' })
  return took
}

async function send(platform: Platform, call: Call): Promise<number> {
  const { url, headers } = await signedHead(platform, call)
  const from = performance.now()
  const answer = await fetch(url, { method: call.method, headers, body: call.body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${call.path} was answered with ${answer.status}: ${text}`)
  return performance.now() - from
}

/** The platform's own word, from its log. */
function startOf(platform: Platform): number {
  const lines = platform
    .log()
    .split('\n')
    .filter((line) => line.includes('"session started"'))
  return median(lines.map((line) => Number((JSON.parse(line) as { ms?: number }).ms)))
}

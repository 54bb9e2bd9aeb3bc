// The first invocation of a new session that finds a waiting instance, against a direct call to an agent that was started ahead.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BedrockAgentCoreControlClient, TagResourceCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { atMost, type Figure, ms } from '../figures.ts'
import { deploy, newDataDir, type Platform, region, startPlatform } from '../platform.ts'
import { benchFile } from '../processes.ts'
import { signedHead } from '../signed.ts'
import { median, nearestRank } from '../statistics.ts'
import { bareAgent, canSandbox, invokeOnce } from './bare-agent.ts'

const rounds = 25
const body = '{"prompt":"hello"}'

export async function measureWarmPool(): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    const { arn } = await deploy(platform, { name: 'pooled', file: benchFile('agents/echo.mjs'), runtime: 'NODE_22' })
    const control = new BedrockAgentCoreControlClient({ endpoint: platform.url.href, region, credentials: platform.credentials })
    await control.send(new TagResourceCommand({ resourceArn: arn, tags: { 'agentworks:min-instances': '2' } }))
    const seen = { ours: [] as number[], direct: [] as number[] }
    for (let round = 0; round <= rounds; round += 1) {
      await refilled(platform, arn)
      const ours = await invokeNew(platform, arn, `pool-${round}-${'0'.repeat(33)}`)
      const direct = await handOver()
      // The first opens connections and fills caches.
      if (round === 0) continue
      seen.ours.push(ours)
      seen.direct.push(direct)
    }
    const [ours, direct] = [median(seen.ours), median(seen.direct)]
    return [
      {
        measure: `invoke from warm pool, p50 (p95 ${ms(nearestRank(seen.ours, 0.95))})`,
        ours: ms(ours),
        baseline: `direct hand-over to a started instance ${ms(direct)}`,
        ratio: ours / direct,
        reach: atMost(ours, 8, ' ms'),
      },
    ]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

/** Both wait, and nothing starts beside what is measured. */
async function refilled(platform: Platform, arn: string): Promise<void> {
  const headers = { authorization: `Bearer ${readFileSync(join(platform.dataDir, 'admin-token'), 'utf8').trim()}` }
  for (let tries = 0; tries < 400; tries += 1) {
    const answer = await fetch(new URL(`/_agentworks/instances/${encodeURIComponent(arn)}`, platform.url), { headers })
    const { waiting, starting } = (await answer.json()) as { waiting: number; starting: number }
    if (waiting === 2 && starting === 0) return
    await delay(25)
  }
  throw new Error('the warm pool was not full within 10 s')
}

/** From the signed request of a session that nobody knew before to the end of its answer. */
async function invokeNew(platform: Platform, arn: string, session: string): Promise<number> {
  const path = `/runtimes/${encodeURIComponent(arn)}/invocations`
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': session }
  const { url, headers: signed } = await signedHead(platform, { method: 'POST', path, headers, body })
  const from = performance.now()
  const answer = await fetch(url, { method: 'POST', headers: signed, body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${text}`)
  return performance.now() - from
}

async function handOver(): Promise<number> {
  const agent = await bareAgent('node', benchFile('agents/echo.mjs'), { sandboxed: canSandbox })
  const from = performance.now()
  await invokeOnce(agent.socketPath, body)
  const took = performance.now() - from
  await agent.stop()
  return took
}

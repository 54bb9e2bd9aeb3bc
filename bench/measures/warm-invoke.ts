// Invocations of a session that runs, against a bare reverse proxy to the same agent.
import { rmSync } from 'node:fs'
import { atLeast, atMost, type Figure, ms, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { deploy, newDataDir, startPlatform } from '../platform.ts'
import { benchFile, serve } from '../processes.ts'
import { signedBytes } from '../signed.ts'
import { bareAgent, canSandbox } from './bare-agent.ts'
import { nginxProxy } from './nginx.ts'

const invocation = JSON.stringify({ prompt: 'What is the weather in Zürich?', user: 'bench' })

export async function measureWarmInvoke(load: Load): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  const { arn } = await deploy(platform, { name: 'echo', file: benchFile('agents/echo.mjs'), runtime: 'NODE_22' })
  const agent = await bareAgent('node', benchFile('agents/echo.mjs'), { sandboxed: canSandbox })
  const proxy = await serve([benchFile('baselines/reverse-proxy.mjs'), agent.socketPath])
  const nginx = await nginxProxy(agent.socketPath)
  const path = `/runtimes/${encodeURIComponent(arn)}/invocations`
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': `warm-${'0'.repeat(33)}`, accept: 'application/json' }
  try {
    const request = await signedBytes(platform, { method: 'POST', path, headers, body: invocation })
    const targets = {
      ours: { at: atUrl(platform.url), request },
      proxy: { at: atUrl(proxy.url), request },
      direct: { at: { path: agent.socketPath }, request },
    }
    // One first, alone: sixteen at once for a session that is starting would be told to come back.
    await load({ ours: targets.ours }, { rounds: 1, connections: 1, ms: 100 })
    const one = await load(targets, { rounds: 5, connections: 1, ms: 500 })
    const beside = nginx ? { at: atUrl(nginx.url), request } : targets.proxy
    const {
      ours,
      proxy: bare,
      beside: other,
    } = await load({ ours: targets.ours, proxy: targets.proxy, beside }, { rounds: 5, connections: 16, ms: 1200 })
    const added = (outcome: { p50Ms: number }) => outcome.p50Ms - one.direct.p50Ms
    const ratio = ours.perSecond / bare.perSecond
    return [
      {
        measure: 'warm invoke, 16 connections',
        ours: perSecond(ours.perSecond),
        baseline: `bare reverse proxy ${perSecond(bare.perSecond)}${nginx ? `, nginx ${perSecond(other.perSecond)}` : ''}`,
        ratio,
        reach: atLeast(ratio, 0.65),
      },
      {
        measure: `warm invoke, p50 added to a direct call (${ms(one.direct.p50Ms)}), 1 connection`,
        ours: ms(added(one.ours)),
        baseline: `bare reverse proxy ${ms(added(one.proxy))}`,
        ratio: added(one.ours) / added(one.proxy),
        reach: atMost(added(one.ours), 0.6, ' ms'),
      },
    ]
  } finally {
    await Promise.all([platform.stop(), proxy.stop(), nginx?.stop()])
    await agent.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

// Long answers and large bodies through the platform, against the same agent asked directly over its socket.
import { readFileSync, rmSync } from 'node:fs'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { atLeast, atMost, type Figure, mb, ms } from '../figures.ts'
import { deploy, newDataDir, type Platform, startPlatform } from '../platform.ts'
import { benchFile, type Served, serve } from '../processes.ts'
import { signedHead } from '../signed.ts'
import { median } from '../statistics.ts'
import { bareAgent, canSandbox } from './bare-agent.ts'

const rounds = 7
const largest = 100_000_000
/** What a stream may hold on its way, and what the collector has not taken back yet: far below the body. */
const flatBytes = 50_000_000

interface Exchange {
  measure: string
  body: Buffer
  /** Bytes of the answer that prove that it was whole. */
  atLeastBytes: number
}

export async function measureStreams(): Promise<Figure[]> {
  const file = benchFile('agents/streams.mjs')
  const platform = await startPlatform(newDataDir())
  const agent = await bareAgent('node', file, { sandboxed: canSandbox })
  const proxy = await serve([benchFile('baselines/reverse-proxy.mjs'), agent.socketPath])
  try {
    const { arn } = await deploy(platform, { name: 'streams', file, runtime: 'NODE_22' })
    const exchanges: Exchange[] = [
      { measure: 'SSE of 10,000 small pieces', body: Buffer.from('{"pieces":10000}'), atLeastBytes: 10_000 * 20 },
      { measure: '100 MB body in', body: Buffer.alloc(largest, 'x'), atLeastBytes: 10 },
      { measure: '100 MB body out', body: Buffer.from(`{"bytes":${largest}}`), atLeastBytes: largest },
    ]
    const figures: Figure[] = []
    const before = residentOf(platform)
    const memory = watchMemory(platform)
    for (const exchange of exchanges) figures.push(await compare(exchange, { platform, arn, proxy, socketPath: agent.socketPath }))
    const grown = memory.peak() - before
    return [
      ...figures,
      {
        measure: 'memory that the platform grew by meanwhile (peak RSS)',
        ours: mb(grown),
        baseline: '',
        reach: atMost(grown / 1e6, flatBytes / 1e6, ' MB'),
      },
    ]
  } finally {
    await Promise.all([platform.stop(), proxy.stop(), agent.stop()])
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

interface Ways {
  platform: Platform
  arn: string
  /** Told beside: what one more process on the way costs by itself. */
  proxy: Served
  socketPath: string
}

async function compare({ measure, body, atLeastBytes }: Exchange, { platform, arn, proxy, socketPath }: Ways): Promise<Figure> {
  const path = `/runtimes/${encodeURIComponent(arn)}/invocations`
  const session = { 'x-amzn-bedrock-agentcore-runtime-session-id': `streams-${'0'.repeat(33)}`, accept: '*/*' }
  const { headers } = await signedHead(platform, { method: 'POST', path, headers: session, body: body.toString('latin1') })
  const { hostname, port } = platform.url
  const length = { 'content-type': 'application/json', 'content-length': body.length }
  const seen = { ours: [] as number[], direct: [] as number[], proxied: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const ours = await timed({ hostname, port, path, headers: { ...headers, ...length } }, body, atLeastBytes)
    const direct = await timed({ socketPath, path: '/invocations', headers: length }, body, atLeastBytes)
    const proxied = await timed({ hostname: proxy.url.hostname, port: proxy.url.port, path: '/invocations', headers: length }, body, atLeastBytes)
    if (round === 0) continue
    seen.proxied.push(proxied)
    seen.ours.push(ours)
    seen.direct.push(direct)
  }
  const [ours, direct] = [median(seen.ours), median(seen.direct)]
  const ratio = direct / ours
  const beside = ` (bare reverse proxy ${ms(median(seen.proxied))})`
  return { measure, ours: ms(ours), baseline: `direct to the agent ${ms(direct)}${beside}`, ratio, reach: atLeast(ratio, 0.7) }
}

function timed(to: RequestOptions, body: Buffer, atLeastBytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now()
    const request = httpRequest({ ...to, method: 'POST', agent: false }, (answer) => {
      let received = 0
      answer.on('data', (piece: Buffer) => {
        received += piece.length
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200 && received >= atLeastBytes) resolve(performance.now() - from)
        else reject(new Error(`${to.path} was answered with ${answer.statusCode} and ${received} bytes`))
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function watchMemory(platform: Platform) {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, residentOf(platform))
  }, 20)
  return {
    peak() {
      clearInterval(timer)
      return peak
    },
  }
}

function residentOf({ pid }: Platform): number {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/VmRSS:\s*(\d+)/.exec(text)?.[1] ?? Number.NaN) * 1024
}

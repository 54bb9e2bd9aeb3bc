// An app of our SDK against bare node:http: from spawn to its first answered ping, and an echo with its log line written.
import { get } from 'node:http'
import { atLeast, atMost, type Figure, ms, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { benchFile, type Served, serve } from '../processes.ts'
import { median } from '../statistics.ts'

const starts = 9
const rounds = { rounds: 5, connections: 32, ms: 1200, awake: true }

const programs = {
  ours: [benchFile('agents/sdk-app.mjs')],
  bare: [benchFile('baselines/json-echo.mjs'), '{"status":"Healthy"}'],
}

export async function measureSdkApp(load: Load): Promise<Figure[]> {
  const toPing = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < starts; round += 1) {
    toPing.bare.push(await spawnToPing(programs.bare))
    toPing.ours.push(await spawnToPing(programs.ours))
  }
  const [ours, bare] = [median(toPing.ours), median(toPing.bare)]
  const app = await serve(programs.ours)
  const echo = await serve(programs.bare)
  try {
    const found = await load({ ours: { at: atUrl(app.url), request: echoed }, bare: { at: atUrl(echo.url), request: echoed } }, rounds)
    const ratio = found.ours.perSecond / found.bare.perSecond
    return [
      {
        measure: 'SDK app, start to first ping',
        ours: ms(ours),
        baseline: `bare JSON echo ${ms(bare)}`,
        ratio: ours / bare,
        reach: atMost(ours / bare, 1.7),
      },
      {
        measure: 'SDK app, echo of 0.2 kB with a log line each, 32 connections',
        ours: perSecond(found.ours.perSecond),
        baseline: `bare JSON echo ${perSecond(found.bare.perSecond)}`,
        ratio,
        reach: atLeast(ratio, 0.85),
      },
    ]
  } finally {
    await Promise.all([app.stop(), echo.stop()])
  }
}

const body = JSON.stringify({ prompt: 'it is at the door '.repeat(8), sessionId: 'session-0000000000000000000000000000001' })
const head = [
  'POST /invocations HTTP/1.1',
  'host: 127.0.0.1',
  'content-type: application/json',
  'x-amzn-bedrock-agentcore-runtime-session-id: session-0000000000000000000000000000001',
  'x-amzn-bedrock-agentcore-runtime-request-id: 0b8a0f3e-7a5b-4a0e-9d5e-3f6c1d2e4b5a',
  `content-length: ${body.length}`,
]
const echoed = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)

async function spawnToPing(args: readonly string[]): Promise<number> {
  const from = performance.now()
  const program: Served = await serve(args)
  try {
    await new Promise<void>((resolve, reject) => {
      get(new URL('/ping', program.url), { agent: false }, (answer) => answer.resume().once('end', resolve)).once('error', reject)
    })
    return performance.now() - from
  } finally {
    await program.stop()
  }
}

// Signed operations of the control plane and of models, against a bare JSON echo that reads and writes the same bytes.
import { rmSync } from 'node:fs'
import { atLeast, type Figure, ms, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { deploy, newDataDir, type Platform, startPlatform } from '../platform.ts'
import { benchFile, cpuSeconds, type Served, serve } from '../processes.ts'
import { type Call, signedBytes, signedHead } from '../signed.ts'

const rounds = { rounds: 5, connections: 32, ms: 1200, awake: true }

export async function measureOperations(load: Load): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  const { agentRuntimeId, arn } = await deploy(platform, { name: 'echo', file: benchFile('agents/echo.mjs'), runtime: 'NODE_22' })
  const calls = { get: getRuntime(agentRuntimeId), converse: converse(), tag: tagResource(arn) }
  const answer = await bodyOf(platform, calls.get)
  const wireDir = newDataDir()
  const echo = await serve([benchFile('baselines/json-echo.mjs'), answer])
  const wire = await serve([benchFile('wire-alone.ts')], { BENCH_DIR: wireDir, BENCH_KEY: JSON.stringify(platform.credentials) })
  try {
    const compare = async (call: Call, ours = platform.url) => {
      const request = await signedBytes({ url: ours, credentials: platform.credentials }, call)
      const found = await load({ ours: { at: atUrl(ours), request }, echo: { at: atUrl(echo.url), request } }, rounds)
      return { ours: found.ours.perSecond, echo: found.echo.perSecond, ratio: found.ours.perSecond / found.echo.perSecond }
    }
    const figure = (measure: string, found: Awaited<ReturnType<typeof compare>>, least?: number): Figure => ({
      measure,
      ours: perSecond(found.ours),
      baseline: `bare JSON echo ${perSecond(found.echo)}`,
      ratio: found.ratio,
      ...(least !== undefined && { reach: atLeast(found.ratio, least) }),
    })
    const size = (call: Call) => `${((call.body?.length ?? 0) / 1000).toFixed(1)} kB`
    const event = createEvent()
    const get = await signedBytes(platform, calls.get)
    const [own, bare] = [await cpuOf(load, platform, get), await cpuOf(load, echo, get)]
    return [
      figure('GetAgentRuntime, 32 connections', await compare(calls.get), 0.55),
      { measure: 'GetAgentRuntime, processor time of the server', ours: ms(own), baseline: `bare JSON echo ${ms(bare)}`, ratio: own / bare },
      figure(`CreateEvent, 40 turns, ${size(event)}, wire alone (operation answers at once)`, await compare(event, wire.url), 0.4),
      figure(`Converse, ${size(calls.converse)}, offline model included`, await compare(calls.converse)),
      figure(`TagResource, 40 tags, ${size(calls.tag)}, durable write included`, await compare(calls.tag)),
    ]
  } finally {
    await Promise.all([platform.stop(), echo.stop(), wire.stop()])
    for (const dir of [platform.dataDir, wireDir]) rmSync(dir, { recursive: true, force: true })
  }
}

/** What one request costs its server, whoever asks and however fast: milliseconds, all threads. */
async function cpuOf(load: Load, server: Served, request: Buffer): Promise<number> {
  const target = { it: { at: atUrl(server.url), request } }
  await load(target, { ...rounds, rounds: 0 })
  const before = cpuSeconds(server.pid)
  const { it } = await load(target, { ...rounds, rounds: 1 })
  // Two rounds ran, the one that warms up and the one that counts, and both take as long.
  return ((cpuSeconds(server.pid) - before) * 1000) / (2 * it.perSecond * (rounds.ms / 1000))
}

const getRuntime = (agentRuntimeId: string): Call => ({ method: 'GET', path: `/runtimes/${agentRuntimeId}/` })

const turn = (n: number) => `turn ${n}: it is at the door`

function createEvent(): Call {
  const payload = Array.from({ length: 40 }, (_, n) => ({ conversational: { role: n % 2 ? 'ASSISTANT' : 'USER', content: { text: turn(n) } } }))
  const body = JSON.stringify({ actorId: 'actor-1', sessionId: 'session-1', eventTimestamp: 1_763_671_200, payload })
  return { method: 'POST', path: '/memories/notes-AbCdEf1234/events', body }
}

function converse(): Call {
  const messages = Array.from({ length: 41 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: [{ text: turn(n) }] }))
  return { method: 'POST', path: '/model/offline/converse', body: JSON.stringify({ messages }), service: 'bedrock' }
}

function tagResource(arn: string): Call {
  const tags = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`tag-${n}`, turn(n).replace(/[?,]/g, '')]))
  return { method: 'POST', path: `/tags/${encodeURIComponent(arn)}`, body: JSON.stringify({ tags }) }
}

async function bodyOf(platform: Platform, call: Call): Promise<string> {
  const { headers, url } = await signedHead(platform, call)
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${call.path} was answered with ${answer.status}: ${await answer.text()}`)
  return answer.text()
}

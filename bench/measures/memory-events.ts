// Short-term memory: an event acknowledged on disk against raw durable inserts of one row; reads against SQLite behind a bare server.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { BedrockAgentCoreControlClient, CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { atLeast, type Figure, perSecond } from '../figures.ts'
import { atUrl, type Load } from '../load.ts'
import { newDataDir, type Platform, region, startPlatform } from '../platform.ts'
import { benchFile, type Served, serve } from '../processes.ts'
import { type Call, signedBytes, signedHead } from '../signed.ts'
import { median } from '../statistics.ts'

const ms = 1200
const rounds = 5
/** As many events in the session that is read. */
const told = 1000
const text = 'It is at the door, and it knocks. '.repeat(30).slice(0, 1000)
const payload = [{ conversational: { role: 'USER', content: { text } } }]

export async function measureMemoryEvents(load: Load): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  const baseDir = newDataDir()
  const raw = await serve([benchFile('baselines/sqlite-events.mjs'), join(baseDir, 'events.db'), JSON.stringify(payload), String(told)])
  try {
    const memory = await newMemory(platform)
    const eventId = await fill(platform, memory)
    const single = await inserts(load, platform, raw, memory, 1)
    const many = await inserts(load, platform, raw, memory, 32)
    const list: Call = { method: 'POST', path: `${memory}/actor/reader/sessions/long`, body: JSON.stringify({ maxResults: 100 }) }
    const get: Call = { method: 'GET', path: `${memory}/actor/reader/sessions/long/events/${encodeURIComponent(eventId)}` }
    const last = await reads(load, platform, raw, list, '/last')
    const one = await reads(load, platform, raw, get, '/one')
    const bare = 'raw SQLite and bare HTTP'
    return [
      figure('CreateEvent 1 kB, on disk, 1 client', single, 'raw durable row', 0.4),
      figure('CreateEvent 1 kB, on disk, 32 clients', many, 'raw durable row', 1.2),
      figure(`ListEvents, last 100 of ${told.toLocaleString('en')}`, last, bare, 0.5),
      figure('GetEvent', one, bare, 0.5),
    ]
  } finally {
    await Promise.all([platform.stop(), raw.stop()])
    for (const dir of [platform.dataDir, baseDir]) rmSync(dir, { recursive: true, force: true })
  }
}

interface Found {
  ours: number
  raw: number
}

const figure = (measure: string, { ours, raw }: Found, baseline: string, least: number): Figure => ({
  measure,
  ours: perSecond(ours),
  baseline: `${baseline} ${perSecond(raw)}`,
  ratio: ours / raw,
  reach: atLeast(ours / raw, least),
})

/** The path of a new memory. */
async function newMemory({ url, credentials }: Platform): Promise<string> {
  const control = new BedrockAgentCoreControlClient({ endpoint: url.href, region, credentials })
  const { memory } = await control.send(new CreateMemoryCommand({ name: 'bench', eventExpiryDuration: 30 }))
  return `/memories/${memory?.id}`
}

const event = (memory: string, sessionId: string, at: number): Call => ({
  method: 'POST',
  path: `${memory}/events`,
  body: JSON.stringify({ actorId: 'reader', sessionId, eventTimestamp: at, payload }),
})

async function fill(platform: Platform, memory: string): Promise<string> {
  let eventId = ''
  for (let n = 0; n < told; n += 1) {
    const call = event(memory, 'long', n)
    const { url, headers } = await signedHead(platform, call)
    const answer = await fetch(url, { method: 'POST', headers, body: call.body })
    if (!answer.ok) throw new Error(`an event was answered with ${answer.status}: ${await answer.text()}`)
    const made = (await answer.json()) as { event: { eventId: string } }
    if (n === told / 2) eventId = made.event.eventId
  }
  return eventId
}

/** Both in turn; each event is a new one, as it has no client token. */
async function inserts(load: Load, platform: Platform, raw: Served, memory: string, connections: number): Promise<Found> {
  const found = { ours: [] as number[], raw: [] as number[] }
  const target = { ours: { at: atUrl(platform.url), request: await signedBytes(platform, event(memory, `bench-${connections}`, 1_763_671_200)) } }
  for (let round = 0; round < rounds; round += 1) {
    const { ours } = await load(target, { rounds: 1, connections, ms })
    found.ours.push(ours.perSecond)
    const answer = await fetch(new URL(`/insert?ms=${ms}`, raw.url))
    found.raw.push(((await answer.json()) as { perSecond: number }).perSecond)
  }
  return { ours: median(found.ours), raw: median(found.raw) }
}

async function reads(load: Load, platform: Platform, raw: Served, call: Call, path: string): Promise<Found> {
  const bare = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${raw.url.host}\r\n\r\n`)
  const found = await load(
    { ours: { at: atUrl(platform.url), request: await signedBytes(platform, call) }, raw: { at: atUrl(raw.url), request: bare } },
    { rounds, connections: 32, ms, awake: true },
  )
  return { ours: found.ours.perSecond, raw: found.raw.perSecond }
}

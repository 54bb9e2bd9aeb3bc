import { withLoad, atUrl } from '/tmp/wt/memshort/bench/load.ts'
import { newDataDir, startPlatform, region } from '/tmp/wt/memshort/bench/platform.ts'
import { signedBytes, signedHead } from '/tmp/wt/memshort/bench/signed.ts'
import { cpuSeconds } from '/tmp/wt/memshort/bench/processes.ts'
import { CreateMemoryCommand, GetMemoryCommand, BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
const which = process.argv[2]
const platform = await startPlatform(newDataDir(), process.argv[3] ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.argv[3]}` } : {})
const control = new BedrockAgentCoreControlClient({ endpoint: platform.url.href, region, credentials: platform.credentials })
const { memory } = await control.send(new CreateMemoryCommand({ name: 'bench', eventExpiryDuration: 30 }))
const m = `/memories/${memory?.id}`
const text = 'It is at the door, and it knocks. '.repeat(30).slice(0, 1000)
const payload = [{ conversational: { role: 'USER', content: { text } } }]
const create = (s: string, at: number) => ({ method: 'POST' as const, path: `${m}/events`, body: JSON.stringify({ actorId: 'reader', sessionId: s, eventTimestamp: at, payload }) })
let eventId = ''
for (let n = 0; n < 300; n++) { const c = create('long', n); const { url, headers } = await signedHead(platform, c); const r = await fetch(url, { method: 'POST', headers, body: c.body }); eventId = ((await r.json()) as any).event.eventId }
const calls = {
  create: create('x', 1763671200),
  get: { method: 'GET' as const, path: `${m}/actor/reader/sessions/long/events/${encodeURIComponent(eventId)}` },
  list: { method: 'POST' as const, path: `${m}/actor/reader/sessions/long`, body: JSON.stringify({ maxResults: 100 }) },
  memory: { method: 'GET' as const, path: `${m}/details` },
}
await withLoad(async (load) => {
  for (const [name, call] of Object.entries(calls)) {
    if (which && which !== 'all' && which !== name) continue
    const t = { it: { at: atUrl(platform.url), request: await signedBytes(platform, call) } }
    for (const connections of process.argv[4] ? [+process.argv[4]] : [1, 32]) {
      await load(t, { rounds: 0, connections, ms: 1500 })
      const before = cpuSeconds(platform.pid)
      const { it } = await load(t, { rounds: 1, connections, ms: 1500 })
      console.log(name, connections, 'perSecond', Math.round(it.perSecond), 'cpu ms/request', (((cpuSeconds(platform.pid) - before) * 1000) / (2 * it.perSecond * 1.5)).toFixed(3))
    }
  }
})
await platform.stop()

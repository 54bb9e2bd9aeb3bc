// A thousand sessions alive at once, each of which answers, then mixed load for minutes: memory and descriptors must end where they
// began. Only when asked for by name: `npm run bench soak`, with SOAK_SESSIONS and SOAK_MINUTES to make it smaller.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { atLeast, atMost, type Figure, mb } from '../figures.ts'
import { deploy, newDataDir, type Platform, startPlatform } from '../platform.ts'
import { benchFile } from '../processes.ts'
import { signedHead } from '../signed.ts'

const sessions = Number(process.env.SOAK_SESSIONS ?? 1_000)
const minutes = Number(process.env.SOAK_MINUTES ?? 10)
const startedTogether = 8
const clients = 12

export async function measureSoak(): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir(), { AGENTWORKS_MAX_SESSIONS: String(sessions + clients + 20) })
  try {
    const { agentRuntimeId, arn } = await deploy(platform, { name: 'soak', file: benchFile('agents/streams.mjs'), runtime: 'NODE_22' })
    const caller = { platform, arn, agentRuntimeId }
    const ids = Array.from({ length: sessions }, (_, n) => `soak-${String(n).padStart(5, '0')}-${'0'.repeat(33)}`)
    await inTurn(ids, (id) => invoke(caller, id))
    let answered = 0
    await inTurn(ids, async (id) => {
      await invoke(caller, id)
      answered += 1
    })
    const figures: Figure[] = [
      { measure: `sessions alive at once, each of which answers`, ours: `${answered}`, baseline: '', reach: atLeast(answered, sessions, '') },
      { measure: 'platform with all of them (RSS)', ours: mb(usage(platform).rss), baseline: '' },
    ]
    // Most stay idle through the load; it runs on sessions of its own and on some of these.
    await mixedLoad(caller, ids, 60_000)
    const before = usage(platform)
    const count = await mixedLoad(caller, ids, minutes * 60_000)
    const after = usage(platform)
    const grown = (after.rss - before.rss) / 1e6
    return [
      ...figures,
      {
        measure: `${minutes} minutes of mixed load, ${count} requests: memory grown`,
        ours: mb(grown * 1e6),
        baseline: `${mb(before.rss)} before`,
        reach: atMost(grown, 30, ' MB'),
      },
      {
        measure: 'descriptors grown',
        ours: String(after.fds - before.fds),
        baseline: `${before.fds} before`,
        reach: atMost(after.fds - before.fds, 20, ''),
      },
    ]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

interface Caller {
  platform: Platform
  arn: string
  agentRuntimeId: string
}

async function inTurn(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  const left = [...ids]
  const one = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) await work(id)
  }
  await Promise.all(Array.from({ length: startedTogether }, one))
}

/** Warm and cold invocations, streams, bodies of a megabyte, clients that leave, control operations: how many there were. */
async function mixedLoad(caller: Caller, ids: readonly string[], ms: number): Promise<number> {
  const until = performance.now() + ms
  let count = 0
  const one = async (client: number) => {
    for (let n = 0; performance.now() < until; n += 1, count += 1) {
      const id = ids[(n * clients + client) % ids.length] ?? ''
      const kind = n % 20
      if (kind === 0) await coldOnce(caller, `cold-${client}-${n}-${'0'.repeat(33)}`)
      else if (kind === 1) await invoke(caller, id, '{"pieces":500}')
      else if (kind === 2) await invoke(caller, id, 'x'.repeat(1_000_000))
      else if (kind === 3) await invoke(caller, id, '{"bytes":2000000}')
      else if (kind === 4) await leave(caller, id)
      else if (kind === 5) await call(caller, { method: 'GET', path: `/runtimes/${caller.agentRuntimeId}/` })
      else await invoke(caller, id)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => one(client)))
  return count
}

const sessionHeader = (id: string) => ({ 'x-amzn-bedrock-agentcore-runtime-session-id': id })
const runtimePath = ({ arn }: Caller) => `/runtimes/${encodeURIComponent(arn)}`

const invoke = (caller: Caller, id: string, body = '{"prompt":"hello"}') =>
  call(caller, { method: 'POST', path: `${runtimePath(caller)}/invocations`, headers: sessionHeader(id), body })

async function coldOnce(caller: Caller, id: string): Promise<void> {
  await invoke(caller, id)
  await call(caller, {
    method: 'POST',
    path: `${runtimePath(caller)}/stopruntimesession`,
    headers: sessionHeader(id),
    query: { qualifier: 'DEFAULT' },
    body: '{}',
  })
}

async function leave(caller: Caller, id: string): Promise<void> {
  const body = '{"pieces":100000}'
  const { url, headers } = await signedHead(caller.platform, {
    method: 'POST',
    path: `${runtimePath(caller)}/invocations`,
    headers: sessionHeader(id),
    body,
  })
  const gone = new AbortController()
  const answer = await fetch(url, { method: 'POST', headers, body, signal: gone.signal })
  await answer.body?.getReader().read()
  gone.abort()
}

async function call({ platform }: Caller, request: Parameters<typeof signedHead>[1]): Promise<void> {
  const { url, headers } = await signedHead(platform, request)
  const answer = await fetch(url, { method: request.method, headers, body: request.body })
  await answer.arrayBuffer()
  // Another client may be starting or stopping the same session.
  if (!answer.ok && answer.status !== 409) throw new Error(`${request.path} was answered with ${answer.status}`)
}

function usage({ pid }: Platform): { rss: number; fds: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return { rss: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024, fds: readdirSync(`/proc/${pid}/fd`).length }
}

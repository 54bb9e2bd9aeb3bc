// From spawn to ready, and what an idle platform holds in memory.
import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { atMost, type Figure, mb, ms } from '../figures.ts'
import { newDataDir, startPlatform } from '../platform.ts'
import { benchFile, type Served, serve } from '../processes.ts'
import { median } from '../statistics.ts'

const rounds = 7
/** Long enough for what a start leaves behind to be collected, if it ever is. */
const idleMs = 1000

export async function measureStart(): Promise<Figure[]> {
  const warmDir = newDataDir()
  await (await startPlatform(warmDir)).stop()
  const seen = { warm: [] as Seen[], first: [] as Seen[], bare: [] as Seen[] }
  for (let round = 0; round < rounds; round += 1) {
    const freshDir = newDataDir()
    const isLast = round === rounds - 1
    seen.bare.push(await look(() => serve([benchFile('baselines/json-echo.mjs')]), isLast))
    seen.warm.push(await look(() => startPlatform(warmDir), isLast))
    seen.first.push(await look(() => startPlatform(freshDir), false))
    rmSync(freshDir, { recursive: true, force: true })
  }
  rmSync(warmDir, { recursive: true, force: true })
  const ready = (of: readonly Seen[]) => median(of.map(({ readyMs }) => readyMs))
  const [bare, warm, first] = [ready(seen.bare), ready(seen.warm), ready(seen.first)]
  const [idle, bareIdle] = [seen.warm.at(-1)?.memory ?? nothing, seen.bare.at(-1)?.memory ?? nothing]
  return [
    {
      measure: 'start to ready, existing data folder',
      ours: ms(warm),
      baseline: `bare Node server ${ms(bare)}`,
      ratio: warm / bare,
      reach: atMost(warm, 700, ' ms'),
    },
    {
      measure: 'start to ready, new data folder',
      ours: ms(first),
      baseline: `bare Node server ${ms(bare)}`,
      ratio: first / bare,
      reach: atMost(first, 700, ' ms'),
    },
    {
      measure: 'idle memory (RSS)',
      ours: mb(idle.rss),
      baseline: `bare Node server ${mb(bareIdle.rss)}`,
      ratio: idle.rss / bareIdle.rss,
      reach: atMost(idle.rss / 1e6, 130, ' MB'),
    },
    { measure: 'idle memory (PSS)', ours: mb(idle.pss), baseline: `bare Node server ${mb(bareIdle.pss)}`, ratio: idle.pss / bareIdle.pss },
  ]
}

interface Memory {
  rss: number
  pss: number
}

interface Seen {
  readyMs: number
  memory: Memory | undefined
}

const nothing: Memory = { rss: Number.NaN, pss: Number.NaN }

async function look(start: () => Promise<Served>, withMemory: boolean): Promise<Seen> {
  const { readyMs, pid, stop } = await start()
  if (withMemory) await delay(idleMs)
  const memory = withMemory ? memoryOf(pid) : undefined
  await stop()
  return { readyMs, memory }
}

/** Linux only: elsewhere the figures say NaN and miss. */
function memoryOf(pid: number): Memory {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024
    return { rss: read('Rss'), pss: read('Pss') }
  } catch {
    return nothing
  }
}

// How much of what answers a question is found, without a model: turns of talks as records, in random order with their timestamps, asked
// for through RetrieveMemoryRecords; beside it plain BM25 over the same texts. The talks are read by path, and belong to nobody here.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { atLeast, type Figure } from '../figures.ts'
import { plainBm25 } from '../plain-bm25.ts'
import { newDataDir, startPlatform } from '../platform.ts'
import { type BenchRecord, newRecordsMemory } from '../records-client.ts'

interface Talks {
  conversations: {
    conversation: string
    sessions: { dateTime: string; turns: { id: string; speaker: string; text: string }[] }[]
    questions: { question: string; evidence: string[] }[]
  }[]
}

const setting = 'AGENTWORKS_BENCH_TALKS'
const depths = [
  { k: 5, more: 0.16 },
  { k: 10, more: 0.18 },
  { k: 20, more: 0.18 },
]
const turnMs = 1000

export async function measureMemoryRecall(): Promise<Figure[]> {
  const path = process.env[setting]
  if (path === undefined || !existsSync(path)) {
    console.error(`recall: left out; name a file of talks in ${setting} (docs/decisions tells its form)`)
    return []
  }
  const { conversations } = JSON.parse(readFileSync(path, 'utf8')) as Talks
  const platform = await startPlatform(newDataDir())
  try {
    const client = await newRecordsMemory(platform)
    const sums = depths.map(() => ({ ours: 0, plain: 0, tied: 0 }))
    let count = 0
    for (const { conversation, sessions, questions } of conversations) {
      const turns = sessions.flatMap(({ dateTime, turns: said }) =>
        said.map(({ id, speaker, text }, n) => ({ id, text: `${speaker}: ${text}`, session: timeOf(dateTime), at: timeOf(dateTime) + n * turnMs })),
      )
      const write = (namespace: string, at: (turn: (typeof turns)[number]) => number) =>
        client.write(shuffled(turns).map((turn): BenchRecord => ({ text: turn.text, namespace, at: new Date(at(turn)) })))
      const [inOrder, tied] = [`/talks/${conversation}/`, `/tied/${conversation}/`]
      await write(inOrder, ({ at }) => at)
      await write(tied, ({ session }) => session)
      const idOf = new Map(turns.map(({ id, text }) => [text, id]))
      const plain = plainBm25(turns.map(({ text }) => text))
      for (const { question, evidence } of questions) {
        const wanted = evidence.filter((id) => turns.some((turn) => turn.id === id))
        if (wanted.length === 0) continue
        count += 1
        const found = {
          ours: (await client.find(question, { namespace: inOrder }, 20)).map((text) => idOf.get(text)),
          tied: (await client.find(question, { namespace: tied }, 20)).map((text) => idOf.get(text)),
          plain: plain(question).map((at) => turns[at]?.id),
        }
        depths.forEach(({ k }, at) => {
          const sum = sums[at]
          if (sum) for (const by of ['ours', 'tied', 'plain'] as const) sum[by] += share(wanted, found[by].slice(0, k))
        })
      }
    }
    return depths.flatMap(({ k, more }, at) => {
      const { ours = 0, plain = 0, tied = 0 } = sums[at] ?? {}
      const line = (what: string, value: number): Figure => ({
        measure: `evidence found among the first ${k}, ${what}, ${count} questions`,
        ours: (value / count).toFixed(3),
        baseline: `plain BM25 ${(plain / count).toFixed(3)}`,
        ratio: value / plain,
        reach: atLeast((value - plain) / count, more, ' more'),
      })
      return [line('a time for each turn', ours), line('one time for each session', tied)]
    })
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

const share = (wanted: readonly string[], found: readonly (string | undefined)[]) => wanted.filter((id) => found.includes(id)).length / wanted.length

/** `1:56 pm on 8 May, 2023`, in UTC. */
function timeOf(text: string): number {
  const [, hour = '', minute = '', half = '', date = ''] = /^(\d+):(\d+) (am|pm) on (.+)$/.exec(text) ?? []
  const time = Date.parse(`${date} UTC`) + (((Number(hour) % 12) + (half === 'pm' ? 12 : 0)) * 60 + Number(minute)) * 60_000
  if (Number.isNaN(time)) throw new Error(`no time in "${text}"`)
  return time
}

/** The same order in every run. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  let state = 42
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

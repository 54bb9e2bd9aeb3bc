// Long-term memory: how long a question takes while a memory grows, in one namespace and over all, whole calls signed beforehand; beside
// it an exact scan of the same texts in this process, without a server and without a disk.
import { rmSync } from 'node:fs'
import { atMost, type Figure, ms } from '../figures.ts'
import { plainBm25 } from '../plain-bm25.ts'
import { newDataDir, startPlatform } from '../platform.ts'
import { newRecordsMemory, type RecordsClient } from '../records-client.ts'
import { median } from '../statistics.ts'
import { texts } from './synthetic-texts.ts'

const perNamespace = 1000
const asked = 60
const minuteMs = 60_000

export const measureMemoryRecords = () => measure([1000, 10_000, 100_000])
/** Takes some ten minutes. */
export const measureMillionRecords = () => measure([1_000_000])

async function measure(sizes: readonly number[]): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    const client = await newRecordsMemory(platform)
    const { turn, question } = texts(7)
    const written: string[] = []
    const figures: Figure[] = []
    for (const size of sizes) {
      const [from, count] = [performance.now(), size - written.length]
      while (written.length < size) {
        const part = Array.from({ length: perNamespace }, turn)
        const space = namespace(written.length / perNamespace)
        await client.write(part.map((text, n) => ({ text, namespace: space, at: new Date(1.7e12 + (written.length + n) * minuteMs) })))
        written.push(...part)
      }
      const insertMs = (performance.now() - from) / count
      const spaces = size / perNamespace
      const inOne = await times(await asks((n) => client.question(question(), { namespace: namespace(n % spaces) })))
      const overAll = await times(await asks(() => client.question(question(), { namespacePath: '/' })))
      figures.push(...(await lines({ client, written, question, size, insertMs, inOne, overAll })))
    }
    return figures
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

interface Found {
  client: RecordsClient
  written: readonly string[]
  question: () => string
  size: number
  insertMs: number
  inOne: number
  overAll: number
}

async function lines({ written, question, size, insertMs, inOne, overAll }: Found): Promise<Figure[]> {
  const scanOne = await scan(written.slice(0, perNamespace), question)
  const scanAll = await scan(written, question)
  const of = size.toLocaleString('en')
  const isHeld = size === 100_000
  return [
    { measure: `BatchCreateMemoryRecords up to ${of}, for each record`, ours: ms(insertMs), baseline: '' },
    {
      measure: `RetrieveMemoryRecords, a namespace of 1,000 among ${of} records, p50`,
      ours: ms(inOne),
      baseline: `exact scan in one process ${ms(scanOne)}`,
      ratio: inOne / scanOne,
      ...(isHeld && { reach: atMost(inOne, 5, ' ms') }),
    },
    {
      measure: `RetrieveMemoryRecords over all of ${of} records, p50`,
      ours: ms(overAll),
      baseline: `exact scan in one process ${ms(scanAll)}`,
      ratio: overAll / scanAll,
      ...(isHeld && { reach: atMost(overAll, 30, ' ms') }),
    },
  ]
}

const namespace = (n: number) => `/actors/${n}/`

async function scan(all: readonly string[], question: () => string): Promise<number> {
  const search = plainBm25(all)
  return times(Array.from({ length: 20 }, () => async () => search(question())))
}

const asks = (ask: (n: number) => Promise<() => Promise<unknown>>) => Promise.all(Array.from({ length: asked }, (_, n) => ask(n)))

async function times(work: readonly (() => Promise<unknown>)[]): Promise<number> {
  const took: number[] = []
  for (const one of work) {
    const from = performance.now()
    await one()
    took.push(performance.now() - from)
  }
  // The first ones pay for what is used the first time.
  return median(took.slice(Math.floor(work.length / 6)))
}

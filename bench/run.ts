// `npm run bench`: each figure against a named baseline, taken in turn in the same run. Prints a table and writes results.md.
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { type Figure, table } from './figures.ts'
import { withLoad } from './load.ts'
import { measureBearerInvoke } from './measures/bearer-invoke.ts'
import { measureBurst } from './measures/burst.ts'
import { measureColdInvoke } from './measures/cold-invoke.ts'
import { measureMemoryEvents } from './measures/memory-events.ts'
import { measureMemoryExtraction } from './measures/memory-extraction.ts'
import { measureMemoryRecall } from './measures/memory-recall.ts'
import { measureMemoryRecords, measureMillionRecords } from './measures/memory-records.ts'
import { measureOperations } from './measures/operations.ts'
import { measureResourceKeys } from './measures/resource-keys.ts'
import { measureSdkApp } from './measures/sdk-app.ts'
import { measureSoak } from './measures/soak.ts'
import { measureStart } from './measures/start.ts'
import { measureStreams } from './measures/streams.ts'
import { measureVault } from './measures/vault.ts'
import { measureWarmInvoke } from './measures/warm-invoke.ts'
import { measureWarmPool } from './measures/warm-pool.ts'
import { benchFile } from './processes.ts'

const measures = {
  start: measureStart,
  cold: measureColdInvoke,
  pool: measureWarmPool,
  burst: measureBurst,
  streams: measureStreams,
  warm: () => withLoad(measureWarmInvoke),
  bearer: () => withLoad(measureBearerInvoke),
  memory: () => withLoad(measureMemoryEvents),
  records: measureMemoryRecords,
  recall: measureMemoryRecall,
  million: measureMillionRecords,
  extraction: measureMemoryExtraction,
  operations: () => withLoad(measureOperations),
  keys: () => withLoad(measureResourceKeys),
  sdk: () => withLoad(measureSdkApp),
  vault: () => withLoad(measureVault),
  soak: measureSoak,
} satisfies Record<string, () => Promise<Figure[]>>

/** Too long for every run. */
const onlyWhenNamed: readonly string[] = ['soak', 'million']

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(measures, name))
if (unknown.length > 0) {
  console.error(`no measure is called ${unknown.join(', ')}; there are: ${Object.keys(measures).join(', ')}`)
  process.exit(2)
}

const from = performance.now()
const figures: Figure[] = []
for (const [name, measure] of Object.entries(measures)) {
  if (asked.length > 0 ? !asked.includes(name) : onlyWhenNamed.includes(name)) continue
  const at = performance.now()
  figures.push(...(await measure()))
  console.error(`${name}: ${((performance.now() - at) / 1000).toFixed(0)} s`)
}
console.log(table(figures))
const missed = figures.filter(({ reach }) => reach?.isMet === false)
const held = figures.filter(({ reach }) => reach !== undefined)
const seconds = ((performance.now() - from) / 1000).toFixed(0)
console.log(`${held.length - missed.length} of ${held.length} targets reached in ${seconds} s`)
// A part of the run must not pass for the whole.
if (asked.length === 0) {
  writeFileSync(benchFile('results.md'), page())
  console.log('written: bench/results.md')
}

function page(): string {
  const cpu = cpus()[0]?.model ?? 'unknown'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `# Figures

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; do not edit.

Machine: ${availableParallelism()} cores (${cpu}), ${memory} GiB, ${process.platform} ${release()}, Node ${process.version}. Whole run: ${seconds} s.

${table(figures)}

## How they are taken

- Each figure stands against a baseline that runs in the same minute: platform and baseline in turn, several rounds, the first thrown away,
  medians of the rest. Read the ratios; the absolute numbers are this machine's.
- The load generator is a process of its own on bare sockets, with requests signed beforehand by the AWS SDK's signer. It shares the
  cores with the server that it loads (and, for invocations, with the agent): both sides of a ratio pay for that alike. For operations
  it never sleeps, since waking it would cost the slower server up to 30 µs a request and the faster one nothing.
- \`bare JSON echo\`: a \`node:http\` server that parses the body and writes it back (a GET gets the platform's own answer, serialized anew). It
  checks nothing, stores nothing and writes no audit line; it gets the same signed bytes.
- \`bare reverse proxy\`: a \`node:http\` server that pipes to the same agent's unix socket on kept-alive connections. It checks nothing.
- \`bare bwrap\`: the same agent started by bubblewrap with the namespaces, limits and mounts of our own profile, from spawn to the end of its
  first answer on a unix socket. Ours is the whole way: signed request, session record, place, user and listener of the session, sandbox,
  forwarder, first \`/ping\`, invocation, answer.
- \`CreateEvent … wire alone\` is the platform's front door (signature, validation against AWS's model, authorization, audit, answer)
  before an operation that answers at once. Converse and TagResource have the offline model and a durable write in them, which the echo has not.
- \`raw durable row\`: one process that inserts rows of the same size into SQLite, one after another, each on disk (WAL, synchronous FULL),
  with no client. \`raw SQLite and bare HTTP\`: a \`node:http\` server that answers unsigned requests with the same rows.
- Evidence found: each turn of a talk is a record, \`NAME: text\`, written in random order; each question is asked through RetrieveMemoryRecords
  in its talk's namespace, no model; the figure is the mean share of the turns that answer a question among the first so many. Once each turn
  has its own time, once all of a session have one, so that nobody knows their order. What retrieval does is in docs/decisions, and was
  chosen without looking at the talks' wording. The talks are not part of the project: \`AGENTWORKS_BENCH_TALKS\` names the file.
- Records: made-up words with the frequencies of a language. The exact scan is BM25 over all texts in one process: no server, no signature, no
  disk. The baseline of \`recall\` is the same BM25, k1 1.2 and b 0.75.
- Start: from spawn to the line \`agentworks ready\`, with \`--no-factory\`. Memory: \`smaps_rollup\` of the platform after a second of idleness.
`
}

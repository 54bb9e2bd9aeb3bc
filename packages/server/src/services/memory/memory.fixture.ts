// Memory on real parts: SQLite on a throw-away file and the whole pipeline on a port for stock clients, with a clock of the test's own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bedrockAgentCore } from '@agentworks/model'
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { sqliteExtractionJobs } from '#adapters/sqlite/extraction-jobs.js'
import { sqliteMemoryEvents } from '#adapters/sqlite/memory-events.js'
import { sqliteMemoryRecords } from '#adapters/sqlite/memory-records.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { randomIds } from '#kernel/ids.js'
import { tags } from '#services/tags/index.js'
import { restJson } from '#wire/rest-json/index.js'
import { requestSigner } from '#wire/signed-request.fixture.js'
import { signedServer } from '#wire/signed-server.fixture.js'
import { type EventFollower, type MemoryPorts, type MemoryRows, memory } from './index.js'

interface MemoryOptions {
  followers?: readonly EventFollower[]
  rows?: readonly MemoryRows[]
  quotas?: MemoryPorts['quotas']
  /** None: the rules of the offline model. */
  models?: MemoryPorts['models']
  deliveries?: MemoryPorts['deliveries']
  /** Of an earlier one, to go on with it as after a restart. */
  dir?: string
}

export const scope = { account: '000000000000', region: 'us-east-1' }
export const dayMs = 86_400_000

const noModels: MemoryPorts['models'] = { providerOf: () => 'offline', ask: () => Promise.reject(new Error('the rules ask no model')) }
const noDeliveries: MemoryPorts['deliveries'] = { putObject: async () => undefined, publish: async () => undefined }

export async function openMemory({
  dir: earlier,
  followers = [],
  rows = [],
  quotas = 'none',
  models = noModels,
  deliveries = noDeliveries,
}: MemoryOptions = {}) {
  const dir = earlier ?? mkdtempSync(join(tmpdir(), 'aw-memory-'))
  const store = sqliteStore(join(dir, 'database'))
  const time = { now: Date.now() }
  const due: (() => void)[] = []
  const clock = {
    now: () => time.now,
    after(_ms: number, work: () => void) {
      due.push(work)
      return () => undefined
    },
  }
  const events = sqliteMemoryEvents(store.tables, clock)
  const records = sqliteMemoryRecords(store.tables)
  const jobs = sqliteExtractionJobs(store.tables)
  const asked: string[] = []
  const authorizer = { authorize: (_caller: unknown, action: string, resource: string) => void asked.push(`${action} ${resource}`) }
  const errors: string[] = []
  const quiet = () => undefined
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (message: string, facts?: object) => void errors.push(`${message} ${JSON.stringify(facts)}`),
  }
  const passing = { passRole: (_caller: unknown, { roleArn }: { roleArn: string }) => void asked.push(`iam:PassRole ${roleArn}`) }
  const world = { store, events, records, jobs, models, deliveries, clock, ids: randomIds, passing }
  const service = memory({ ...world, log, followers, rows, quotas })
  const end = await service.recover()
  const protocol = restJson(bedrockAgentCore, { ...service.operations, ...tags({ store, owners: [service.taggable] }) })
  const server = await signedServer({ of: () => protocol, fallback: protocol }, { authorizer })
  const options = { ...server.client, maxAttempts: 1 }
  return {
    dir,
    store,
    events,
    records,
    jobs,
    service,
    time,
    /** Actions and resources, in order. */
    asked,
    errors,
    defects: server.defects,
    server,
    control: new BedrockAgentCoreControlClient(options),
    data: new BedrockAgentCoreClient(options),
    /** The answer to a body that no stock JavaScript client would write. */
    async postSigned(path: string, body: string): Promise<string> {
      const headers = { host: `127.0.0.1:${server.port}`, 'content-type': 'application/json' }
      const signer = requestSigner('bedrock-agentcore', { sendHash: false })
      const signed = await signer.sign({ method: 'POST', protocol: 'http:', hostname: 'x', path, query: {}, headers, body })
      const { host: _host, ...sent } = signed.headers
      return (await fetch(`${server.url}${path}`, { method: 'POST', headers: sent, body })).text()
    },
    /** Runs what waits for its time, such as the sweep. */
    passTime() {
      for (const work of due.splice(0)) work()
    },
    async close({ keep = false } = {}) {
      await server[Symbol.asyncDispose]()
      await end()
      await store.close()
      if (!keep) rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type OpenMemory = Awaited<ReturnType<typeof openMemory>>

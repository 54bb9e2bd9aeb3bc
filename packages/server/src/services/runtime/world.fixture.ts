// A runtime on real parts: SQLite on a throw-away file, real processes, real zips. Only the clock is the test's.

import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CreateAgentRuntimeRequest } from '@agentworks/model'
import { ZipFile } from 'yazl'
import { undiciLink } from '#adapters/agent-link/undici-link.js'
import { fileAgentLogs } from '#adapters/agent-logs/file-agent-logs.js'
import { codePackages } from '#adapters/code-packages/packages.js'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { vpcFile } from '#adapters/egress/vpc-file.js'
import { hostInterpreters } from '#adapters/interpreters.js'
import { joseJwts } from '#adapters/jwt/jose-jwts.js'
import { hostEngine } from '#adapters/sandbox-container/host-engine.js'
import { localImages } from '#adapters/sandbox-container/images.js'
import { containerSandbox } from '#adapters/sandbox-container/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import { aesSealer } from '#adapters/sealer/aes.js'
import { sessionVolumes } from '#adapters/session-storage/volumes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { type Clock, systemClock } from '#kernel/clock.js'
import type { Caller, Context } from '#kernel/context.js'
import { randomIds } from '#kernel/ids.js'
import type { Sandbox } from '#ports/sandbox.js'
import type { SessionStorage } from '#ports/session-storage.js'
import type { Log } from '#ports/telemetry.js'
import { jwtVerifier, openCallers } from '#services/identity/index.js'
import { connectWebSocket } from '#wire/web-socket/connect.js'
import { type RuntimeConfig, runtime, runtimeLimits } from './index.js'

/** Stands still until told; `pass` runs what falls due, in order. */
function testClock() {
  let now = 1_000_000
  const due: { at: number; work: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after(ms, work) {
      const entry = { at: now + ms, work }
      due.push(entry)
      return () => void (due.includes(entry) && due.splice(due.indexOf(entry), 1))
    },
  }
  return {
    clock,
    /** How much work waits for its time: a session's next ping is one. */
    waiting: () => due.length,
    pass(ms: number) {
      now += ms
      for (const entry of due.filter(({ at }) => at <= now)) {
        due.splice(due.indexOf(entry), 1)
        entry.work()
      }
    },
  }
}

const account = '000000000000'
const root: Caller = { kind: 'root', account, region: '*', accessKeyId: 'AKIATEST', principalArn: `arn:aws:iam::${account}:root` }

export function contextFor(signal: AbortSignal = new AbortController().signal): Context {
  return { account, region: 'us-east-1', requestId: 'request', caller: root, headers: {}, signal }
}

export interface WorldParts {
  sandbox?: (runtimeDir: string) => Sandbox
  sessionStorage?: (dir: string) => SessionStorage
}

export async function openWorld(config: Partial<RuntimeConfig> = {}, parts: WorldParts = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'aw-runtime-'))
  // The users of sessions must get through to their sockets.
  chmodSync(dir, 0o711)
  mkdirSync(join(dir, 'logs'))
  const { clock, pass, waiting } = testClock()
  const store = sqliteStore(join(dir, 'database'))
  const logged: string[] = []
  const note = (message: string) => void logged.push(message)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const artifacts = new Map<string, { path: string; size: number; sha256: string }>()
  // Agents reach their socket by wall-clock time, whatever the session's own clock says.
  const noEngine = hostEngine({ DOCKER_HOST: `unix://${join(dir, 'no-engine')}` })
  const makeSandbox = parts.sandbox ?? ((runtimeDir) => processSandbox({ runtimeDir, clock: systemClock }))
  const sandbox = makeSandbox(join(dir, 'run'))
  mkdirSync(join(dir, 'sessions'))
  const sessionStorage = (parts.sessionStorage ?? ((at) => sessionVolumes({ dir: at, bytes: runtimeLimits.storageBytes })))(join(dir, 'sessions'))
  const agentLogs = fileAgentLogs(join(dir, 'logs'))
  const sealer = aesSealer(Buffer.alloc(32, 7))
  const callers = await openCallers({ root: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' }, account, store, sealer, clock, ids: randomIds })
  const room = runtime({
    store,
    sealer,
    clock,
    ids: randomIds,
    log,
    authorizer: callers.authorizer,
    passing: callers.passing,
    resourcePolicies: callers.resourcePolicies,
    accessKeys: callers.keys,
    jwtVerifier: jwtVerifier({ outgoing: () => Promise.reject(new Error('no issuer is called here')), jwts: joseJwts, clock }),
    artifacts: { locate: async (_scope, _bucket, key) => artifacts.get(key) },
    codePackages: codePackages(join(dir, 'code')),
    interpreters: hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath }),
    sandbox,
    vpcMap: vpcFile(join(dir, 'vpc.json')),
    sessionStorage,
    containers: {
      sandbox: containerSandbox({
        runtimeDir: join(dir, 'run'),
        host: noEngine,
        clock: systemClock,
        ids: randomIds,
        egress: hostEgress({ clock: systemClock, ids: randomIds }),
      }),
      images: localImages(noEngine),
    },
    agentLink: undiciLink,
    agentLogs,
    connectWebSocket,
    openSessionListener: async () => ({ close: async () => undefined }),
    platformUrl: () => 'http://127.0.0.1:1',
    config: { account, region: 'us-east-1', maxSessions: 10, startMs: 10_000, pingEveryMs: 2_000, platformId: 'platform-1', ...config },
  })
  return {
    room,
    store,
    sessionStorage,
    logged,
    agentLogs,
    pass,
    waiting,
    /** Puts the source into a zip in the pretended bucket and creates a READY runtime of it. */
    async agent(name: string, source: string, more: Partial<CreateAgentRuntimeRequest> = {}): Promise<string> {
      const bytes = await zipOf(source)
      const path = join(dir, `${name}.zip`)
      writeFileSync(path, bytes)
      artifacts.set(`${name}.zip`, { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
      const created = await room.operations.CreateAgentRuntime(contextFor(), {
        agentRuntimeName: name,
        agentRuntimeArtifact: artifactOf(name),
        roleArn,
        ...more,
      })
      await room.settled()
      return created.agentRuntimeArn
    },
    /** A new version with the package that `name` has. */
    async update(agentRuntimeArn: string, name: string): Promise<void> {
      await room.operations.UpdateAgentRuntime(contextFor(), {
        agentRuntimeId: agentRuntimeArn.split('/')[1] ?? '',
        agentRuntimeArtifact: artifactOf(name),
        roleArn,
        networkConfiguration: { networkMode: 'PUBLIC' },
      })
      await room.settled()
    },
    async close() {
      await room.stop()
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const roleArn = `arn:aws:iam::${account}:role/R`
const artifactOf = (name: string): CreateAgentRuntimeRequest['agentRuntimeArtifact'] => ({
  codeConfiguration: { code: { s3: { bucket: 'bucket', prefix: `${name}.zip` } }, runtime: 'NODE_22', entryPoint: ['main.js'] },
})

async function zipOf(source: string): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(source), 'main.js')
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

// The whole pipeline on a real port, with given protocols and one root key: for tests of a scope by stock clients.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { AccessKeys, Authorizer } from '#ports/callers.js'
import type { AuditEvent } from '#ports/telemetry.js'
import type { WebSocketRoute } from '#ports/web-socket.js'
import { allowedHosts } from './allowed-hosts.js'
import { bodyBudget } from './body-budget.js'
import { frontDoor, type UnsignedRoute } from './front.js'
import { noBearers } from './no-bearers.fixture.js'
import type { Protocols } from './protocols.js'
import { wireServer } from './server.js'
import { accessKeyId, rootKeys, secretAccessKey } from './signed-request.fixture.js'
import { signatureVerifier } from './sigv4.js'
import { fileSpool } from './spool.js'
import { webSocketDoor } from './web-socket/door.js'
import { type WebSocketLimits, webSocketLimits } from './web-socket/limits.js'

export interface SignedServer extends AsyncDisposable {
  url: string
  port: number
  /** What a stock client is configured with. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } }
  /** Lines that the log took as errors: a defect each. */
  defects: string[]
  audited: AuditEvent[]
  /** Listens as a running session's own entrance. */
  listenAs(instanceId: string): Promise<{ socketPath: string }>
  drain(): Promise<void>
}

interface SignedServerOptions {
  keys?: AccessKeys
  authorizer?: Authorizer
  unsigned?: readonly UnsignedRoute[]
  webSockets?: readonly WebSocketRoute[]
  webSocketLimits?: Partial<WebSocketLimits>
}

export async function signedServer(
  protocols: Protocols,
  { keys = rootKeys, authorizer = { authorize: () => {} }, unsigned = [], webSockets = [], webSocketLimits: limits = {} }: SignedServerOptions = {},
): Promise<SignedServer> {
  const dir = mkdtempSync(join(tmpdir(), 'agentworks-signed-'))
  const defects: string[] = []
  const audited: AuditEvent[] = []
  const quiet = () => {}
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (message: string, facts?: object) => void defects.push(`${message} ${JSON.stringify(facts)}`),
  }
  const trace = { start: () => ({ set: quiet, end: quiet }) }
  const signatures = signatureVerifier({ keys, clock: systemClock })
  const spool = fileSpool({ dir: join(dir, 'spool'), ids: randomIds })
  const ports = {
    protocols,
    signatures,
    bearers: noBearers,
    authorizer,
    spool,
    budget: bodyBudget(),
    trace,
    audit: { record: (event: AuditEvent) => void audited.push(event) },
    log,
    clock: systemClock,
    allowedHosts: allowedHosts([]),
  }
  const door = webSocketDoor(ports, webSockets, { ...webSocketLimits, ...limits })
  const server = wireServer(frontDoor(ports, unsigned, new AbortController().signal), { upgrades: door })
  const { port } = await server.listenOnPort('127.0.0.1', 0)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    client: { endpoint: url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } },
    defects,
    audited,
    async listenAs(instanceId) {
      const socketPath = join(dir, `${instanceId}.sock`)
      await server.listenOnSocket(socketPath, { kind: 'session', instanceId })
      return { socketPath }
    },
    drain: () => server.drain(1_000),
    async [Symbol.asyncDispose]() {
      await server.drain(100)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

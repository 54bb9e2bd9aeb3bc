// Routes outside AWS's API: health, the credentials of a session, and what the CLI shows of the inside.
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import type { AgentLogs } from '#ports/agent-logs.js'
import type { Guarantee } from '#ports/sandbox.js'
import type { Audit, AuditTrail } from '#ports/telemetry.js'
import type { IssuerKeys, SessionAccessKeys } from '#services/identity/index.js'
import type { ImageView, InstancesView, SessionView } from '#services/runtime/index.js'
import type { UnsignedRoute } from '#wire/front.js'
import type { AnyRequest, AnyResponse } from '#wire/server.js'
import { streamAudit } from './audit.js'
import { streamLogs } from './logs.js'
import { explainMemory, learningOf, type MemoryAdmin } from './memories.js'
import { checkIssuer, explainToken, type TokenCheckPorts } from './token-checks.js'
import { type VaultAdmin, vaultPage } from './vault.js'

export interface AdminPorts {
  adminToken: string
  accessKeys: SessionAccessKeys
  agentLogs: AgentLogs
  allowedHosts: (host: string) => boolean
  sessions: {
    list(): SessionView[]
    find(agentRuntimeId: string, runtimeSessionId: string): object | undefined
    stopById(runtimeSessionId: string, agentRuntimeId: string | undefined): Promise<number>
  }
  instances(agentRuntimeArn: string): Promise<InstancesView | undefined>
  guarantees(): Promise<Guarantee[]>
  containers(): Promise<object>
  images: {
    publish(source: string, name: string): Promise<ImageView>
    find(containerUri: string): Promise<ImageView | undefined>
  }
  about(): Record<string, unknown>
  /** In the policies of a role or a user: actions that AWS does not have, with the nearest real ones. */
  unknownActionsOf(kind: string, name: string): readonly object[] | undefined
  interpreterOf(codeRuntime: string): Promise<{ version: string; exact: boolean } | undefined>
  audit: Audit & AuditTrail
  /** Of whoever has the admin token. */
  principalArn: string
  clock: Pick<Clock, 'now'>
  issuer: { keys: IssuerKeys; url: () => string }
  tokens: Omit<TokenCheckPorts, 'clock'>
  vault: VaultAdmin
  memories: MemoryAdmin
}

export function agentworksRoutes(ports: AdminPorts): UnsignedRoute[] {
  return [health(ports), sessionCredentials(ports), admin(ports)]
}

function health({ allowedHosts }: AdminPorts): UnsignedRoute {
  return {
    matches: (path, entrance) => path === '/health' && entrance.kind === 'port',
    answer(request, response) {
      if (!allowedHosts(hostOf(request))) return misdirected(response)
      json(response, 200, { status: 'ok' })
    },
  }
}

/** AWS SDKs ask here with the token that only this session's environment has. */
function sessionCredentials({ accessKeys, allowedHosts }: AdminPorts): UnsignedRoute {
  return {
    matches: (path) => path === '/_session/credentials',
    answer(request, response, entrance) {
      if (entrance.kind === 'port' && !allowedHosts(hostOf(request))) return misdirected(response)
      // A token that leaked into another session is worth nothing there.
      const instanceId = entrance.kind === 'session' ? entrance.instanceId : undefined
      const credentials = request.method === 'GET' ? accessKeys.credentials(request.headers.authorization ?? '', instanceId) : undefined
      if (!credentials)
        return json(response, 403, { code: 'AccessDenied', message: 'The Authorization header is not the token of a running session.' })
      response.setHeader('cache-control', 'no-store')
      json(response, 200, credentials)
    },
  }
}

function admin(ports: AdminPorts): UnsignedRoute {
  const expected = Buffer.from(`Bearer ${ports.adminToken}`)
  return {
    // Never through a session's listener: what is inside a sandbox has no business here.
    matches: (path, entrance) => entrance.kind === 'port' && path.startsWith('/_agentworks/'),
    async answer(request, response) {
      if (!ports.allowedHosts(hostOf(request))) return misdirected(response)
      const given = Buffer.from(request.headers.authorization ?? '')
      // A browser sends Origin with every write from a page: nothing here is for pages yet.
      const isAllowed = given.length === expected.length && timingSafeEqual(given, expected) && request.headers.origin === undefined
      if (!isAllowed) return json(response, 403, { message: 'Send the token from the file admin-token in the data folder as Authorization: Bearer.' })
      await answerAdmin(ports, request, response)
    },
  }
}

async function answerAdmin(ports: AdminPorts, request: AnyRequest, response: AnyResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const [, , noun = '', id = '', verb] = url.pathname.split('/').map(decodeSegment)
  const route = `${request.method} ${noun}${id ? '/*' : ''}${verb ? `/${verb}` : ''}`
  switch (route) {
    case 'GET about':
      return json(response, 200, ports.about())
    case 'GET sessions':
      return json(response, 200, ports.sessions.list())
    case 'GET instances/*':
      return refusals(response, async () => json(response, 200, (await ports.instances(id)) ?? null))
    case 'POST sessions/*/stop':
      return stopSession(ports, id, url.searchParams.get('agentRuntimeId') ?? undefined, response)
    case 'GET logs/*':
      return streamLogs(ports.agentLogs, id, url.searchParams, response)
    case 'GET doctor':
      return json(response, 200, await ports.guarantees())
    case 'GET containers':
      return json(response, 200, await ports.containers())
    case 'POST images':
      return publishImage(ports, url.searchParams, response)
    case 'GET images/*':
      return json(response, 200, (await ports.images.find(id)) ?? null)
    case 'GET unknown-actions/*': {
      const [kind = '', name = ''] = id.split('/')
      return json(response, 200, ports.unknownActionsOf(kind, name) ?? [])
    }
    case 'GET interpreters/*':
      return json(response, 200, (await ports.interpreterOf(id)) ?? null)
    case 'GET audit':
      return streamAudit(ports.audit, url.searchParams, response)
    case 'POST tokens/*':
      return checkTokens({ ...ports.tokens, clock: ports.clock }, id, request, response)
    case 'GET vault':
      return refusals(response, async () => json(response, 200, await vaultPage(ports.vault, url.searchParams)))
    case 'POST vault/*':
      if (id !== 'rotate-master-key') break
      return refusals(response, async () =>
        json(
          response,
          200,
          await recorded(ports, 'agentworks:RotateMasterKey', 'token-vault', () =>
            ports.vault.rotate(url.searchParams.get('forgetUnreadable') === '1'),
          ),
        ),
      )
    case 'POST memories/*/explain':
      return refusals(response, async () => json(response, 200, await explainMemory(ports.memories, id, request)))
    case 'GET memories/*/jobs':
      return refusals(response, async () => json(response, 200, await learningOf(ports.memories, id, url.searchParams)))
    case 'GET issuer':
      return json(response, 200, { issuer: ports.issuer.url(), keys: await ports.issuer.keys.list() })
    case 'POST issuer/*':
      if (id !== 'rotate') break
      return json(response, 200, { issuer: ports.issuer.url(), keys: await rotateIssuerKeys(ports, url.searchParams.get('now') === '1') })
  }
  return json(response, 404, { message: `there is no ${request.method} ${url.pathname}` })
}

function checkTokens(ports: TokenCheckPorts, what: string, request: AnyRequest, response: AnyResponse): Promise<void> {
  return refusals(response, async () => {
    if (what === 'check') return json(response, 200, await checkIssuer(ports, request))
    if (what === 'explain') return json(response, 200, await explainToken(ports, request))
    json(response, 404, { message: `there is no ${request.method} tokens/${what}` })
  })
}

/** What the owner changes is on record as what clients do: by the root principal, whose folder the admin token is in. */
async function recorded<Result>(
  { audit, principalArn, clock }: AdminPorts,
  action: string,
  resource: string,
  work: () => Promise<Result>,
): Promise<Result> {
  let outcome = 'InternalServerException'
  try {
    const result = await work()
    outcome = 'allowed'
    return result
  } catch (fault) {
    if (fault instanceof ServiceError) outcome = fault.code
    throw fault
  } finally {
    audit.record({ at: clock.now(), requestId: randomUUID(), principalArn, service: 'agentworks', action, resource, outcome })
  }
}

function rotateIssuerKeys(ports: AdminPorts, atOnce: boolean) {
  return recorded(ports, 'agentworks:RotateIssuerKeys', ports.issuer.url(), () => ports.issuer.keys.rotate(atOnce))
}

async function stopSession(ports: AdminPorts, runtimeSessionId: string, agentRuntimeId: string | undefined, response: AnyResponse) {
  const stop = () => ports.sessions.stopById(runtimeSessionId, agentRuntimeId)
  return refusals(response, async () => {
    const stopped = await recorded(ports, 'agentworks:StopSession', runtimeSessionId, stop)
    if (stopped === 0) return json(response, 404, { message: `no running session has the id ${runtimeSessionId}` })
    return json(response, 200, { stopped })
  })
}

/** Gives a local image the name that the runtime will know it by. */
async function publishImage(ports: AdminPorts, search: URLSearchParams, response: AnyResponse) {
  const [source, name] = [search.get('source') ?? '', search.get('name') ?? '']
  return refusals(response, async () =>
    json(response, 200, await recorded(ports, 'agentworks:PublishImage', name, () => ports.images.publish(source, name))),
  )
}

async function refusals(response: AnyResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (fault) {
    if (fault instanceof ServiceError) return json(response, fault.status, { message: fault.message })
    throw fault
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** HTTP/2 has :authority where HTTP/1.1 has Host. */
function hostOf({ headers }: AnyRequest): string {
  return headers.host ?? (headers[':authority'] as string | undefined) ?? ''
}

function misdirected(response: AnyResponse): void {
  json(response, 421, { message: 'not a host name of this platform' })
}

function json(response: AnyResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

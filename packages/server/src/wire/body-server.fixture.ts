import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { type BodyRules, verifyBody } from './body.js'
import { bodyBudget } from './body-budget.js'
import { type CredentialClaim, readCredentialClaim } from './credential-claim.js'
import { s3BodyChecks } from './s3/body-checks.js'
import { requestSigner, rootKeys, sha256 } from './signed-request.fixture.js'
import { signatureVerifier } from './sigv4.js'
import { fileSpool } from './spool.js'

export const dir = mkdtempSync(join(tmpdir(), 'agentworks-body-'))
export const share = { files: 2, bytes: 5_000_000 }
export const limits = { memoryBytes: 100_000, maxFiles: 3, maxBytes: 7_000_000, perKey: share, perSession: { files: 1, bytes: 5_000_000 } }
export const spool = fileSpool({ dir: join(dir, 'spool'), ids: randomIds, limits })
const memory = { signed: 5_000_000, unchecked: 200_000 }
export const budget = bodyBudget({ bytes: 6_000_000, perKey: memory, perSession: memory })
export const patience = { idleMs: 10_000, totalMs: 60_000 }
export const signatures = signatureVerifier({ keys: rootKeys, clock: systemClock })
export const maxBytes = 3_000_000

export interface Outcome {
  code: string
  reason?: string
  size: number
  hash?: string
}
export const outcomes: Outcome[] = []
/** `hold` keeps back what was verified, for a test that wants requests to overlap. `isStreamed`: the operation takes it as it comes. */
export const gate: { hold?: Promise<void>; isStreamed?: boolean } = {}

export const server = createServer(async (request, response) => {
  const outcome = await receive(request)
  outcomes.push(outcome)
  response.setHeader('connection', 'close')
  response.end(JSON.stringify(outcome))
})

export async function receive(request: IncomingMessage): Promise<Outcome> {
  const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?')
  const { method = '', headers, rawHeaders, httpVersionMajor } = request
  const wire = {
    method,
    rawPath,
    rawQuery,
    headers,
    rawHeaders,
    body: request,
    httpVersionMajor,
    scheme: 'http' as const,
    entrance: { kind: 'port' as const },
  }
  let size = 0
  try {
    const claim = readCredentialClaim(wire) as CredentialClaim
    const rules: BodyRules = { maxBytes, isStreamed: gate.isStreamed, checks: claim.service === 's3' ? s3BodyChecks(wire) : undefined }
    const body = await verifyBody(signatures.admit(claim, wire), rules, { signatures, spool, budget, patience })
    await gate.hold
    const pieces: Buffer[] = []
    try {
      for await (const piece of body.stream) {
        size += piece.length
        pieces.push(piece)
      }
    } finally {
      await body.release()
    }
    return { code: 'ok', size, hash: sha256(Buffer.concat(pieces)) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { code: error.code, reason: 'reason' in error ? String(error.reason) : undefined, size }
  }
}

export let port = 0
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  rmSync(dir, { recursive: true, force: true })
})
afterEach(async () => {
  Object.assign(patience, { idleMs: 10_000, totalMs: 60_000 })
  await until(() => budget.usage().bytes === 0)
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 })
  expect(readdirSync(join(dir, 'spool'))).toEqual([])
  outcomes.length = 0
})

export interface Sending {
  service?: string
  sendHash?: boolean
  /** What is signed for. */
  body: Buffer
  /** What is sent, when it differs. */
  sent?: Buffer
  headers?: Record<string, string>
}

export async function head({ service = 'bedrock-agentcore', sendHash = true, body, headers = {} }: Sending) {
  const draft = {
    method: 'PUT',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/some/path',
    query: {},
    headers: { host: `127.0.0.1:${port}`, ...headers },
    body,
  }
  return (await requestSigner(service, { sendHash }).sign(draft)).headers
}

export async function send(sending: Sending): Promise<Outcome> {
  const sent = sending.sent ?? sending.body
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'PUT',
    path: '/some/path',
    headers: { ...(await head(sending)), 'content-length': sent.length },
  })
  request.end(sent)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return JSON.parse(Buffer.concat(await response.toArray()).toString()) as Outcome
}

export const small = Buffer.from('{"a":1}')
export const large = Buffer.alloc(2_000_000, 'agentworks ')
export const changed = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('!')])

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

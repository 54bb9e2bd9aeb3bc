import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AccessKey } from '#ports/callers.js'
import { type CredentialClaim, readCredentialClaim } from './credential-claim.js'
import type { WireRequest } from './exchange.js'
import { requestSigner, rootKey, sha256 } from './signed-request.fixture.js'
import { signatureVerifier } from './sigv4.js'
import { RequestRefused } from './sigv4-refusals.js'

const signedAt = Date.UTC(2026, 10, 20, 12, 0, 0)
let now = signedAt
let issued: AccessKey
const verifier = signatureVerifier({
  keys: { find: (id) => (id === 'AKIDEXAMPLE' ? issued : undefined) },
  clock: { now: () => now, after: () => () => {} },
})

beforeEach(() => {
  now = signedAt
  issued = rootKey
})

interface Draft {
  method: string
  path: string
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body: string
  service: string
  sessionToken?: string
}

function signer({ service, sessionToken }: Draft) {
  return requestSigner(service, { region: 'eu-west-1', sessionToken, sendHash: service === 's3' })
}

function smithyRequest({ method, path, query, headers, body }: Draft) {
  return { method, protocol: 'http:', hostname: '127.0.0.1', path, query, headers: { host: '127.0.0.1:4680', ...headers }, body }
}

/** What node's server would show us of a request that was signed. */
function received(signed: {
  method: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
}): WireRequest {
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  )
  const headers: IncomingHttpHeaders = {}
  const rawHeaders: string[] = []
  for (const [name, value] of Object.entries(signed.headers)) {
    headers[name.toLowerCase()] = value.trim()
    rawHeaders.push(name, value.trim())
  }
  return {
    method: signed.method,
    rawPath: signed.path,
    rawQuery: pairs.join('&'),
    headers,
    rawHeaders,
    body: Readable.from([]),
    httpVersionMajor: 1,
    scheme: 'http',
    entrance: { kind: 'port' },
  }
}

async function signedByHeaders(draft: Draft): Promise<WireRequest> {
  return received(await signer(draft).sign(smithyRequest(draft), { signingDate: new Date(signedAt) }))
}

async function presigned(draft: Draft, expiresIn = 300): Promise<WireRequest> {
  return received(await signer(draft).presign(smithyRequest(draft), { signingDate: new Date(signedAt), expiresIn }))
}

function check(request: WireRequest, payloadHash: string): void {
  const claim = readCredentialClaim(request) as CredentialClaim
  verifier.verify(verifier.admit(claim, request), payloadHash)
}

/** Mulberry32: the same requests on every run, so that a failure can be looked at again. */
function chance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number) => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  return { below, pick, some: <T>(most: number, make: () => T) => Array.from({ length: below(most + 1) }, make) }
}

const pathPieces = [
  'runtimes',
  '.',
  '..',
  '',
  'a%2Fb',
  'arn%3Aaws%3As3%3A%3A%3Ax',
  'caf%C3%A9',
  "it's!(*)",
  '~tilde',
  'per%2525cent',
  'two%20words',
  'a.b',
  '...',
  '+',
  'A=b&c',
] as const
const words = ['', 'a', 'B', 'z z', '+', '%', '/', '~', "!'()*", 'ü', '日本', '🙂', 'a=b', 'a&b', '-_.', '0', '..'] as const

function randomDraft(seed: number): Draft {
  const { below, pick, some } = chance(seed)
  const query: Record<string, string | string[]> = {}
  for (const name of some(5, () => `${pick(words)}${pick(words)}`))
    if (name) query[name] = below(3) === 0 ? [pick(words), pick(words), pick(words)] : pick(words)
  const headers: Record<string, string> = {}
  for (const n of some(4, () => below(9)))
    headers[`X-Thing-${n}`] = pick(['plain', 'two  spaces', ' around ', 'tab\tinside', 'a, b', '', 'k=v;q="1  2"'])
  return {
    method: pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']),
    path: `/${some(6, () => pick(pathPieces)).join('/')}`,
    query,
    headers,
    body: pick(['', '{}', 'body ü']),
    service: pick(['bedrock-agentcore', 's3', 'sts', 'lambda']),
    sessionToken: below(3) === 0 ? 'FwoGZXIvYXdzE//token+/=' : undefined,
  }
}

const plain: Draft = {
  method: 'POST',
  path: '/runtimes/arn%3Aaws%2Fx/invocations',
  query: { qualifier: 'DEFAULT' },
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  service: 'bedrock-agentcore',
}

describe('a signature', () => {
  it('is accepted for 400 generated requests signed by the SDK, in headers', async () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const draft = randomDraft(seed)
      issued = { ...issued, sessionToken: draft.sessionToken }
      const request = await signedByHeaders(draft)
      expect(() => check(request, sha256(draft.body)), `seed ${seed}: ${JSON.stringify(draft)}`).not.toThrow()
    }
  })

  it('is accepted for 400 generated requests signed by the SDK, presigned', async () => {
    for (let seed = 1001; seed <= 1400; seed += 1) {
      const draft = randomDraft(seed)
      issued = { ...issued, sessionToken: draft.sessionToken }
      const request = await presigned(draft)
      expect(() => check(request, sha256(draft.body)), `seed ${seed}: ${JSON.stringify(draft)}`).not.toThrow()
    }
  })

  it('is refused when any signed part was changed', async () => {
    const request = await signedByHeaders(plain)
    const changes: Partial<WireRequest>[] = [
      { method: 'PUT' },
      { rawPath: '/runtimes/arn%3Aaws%2Fy/invocations' },
      { rawPath: '/runtimes/arn%3Aaws/x/invocations' },
      { rawQuery: 'qualifier=OTHER' },
      { rawQuery: 'qualifier=DEFAULT&more=1' },
      { rawQuery: '' },
      { headers: { ...request.headers, host: 'elsewhere:4680' } },
      { headers: { ...request.headers, 'content-type': 'text/plain' } },
      { headers: { ...request.headers, 'x-amz-date': '20261120T120001Z' } },
      { headers: { ...request.headers, authorization: request.headers.authorization?.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } },
      { headers: { ...request.headers, authorization: request.headers.authorization?.replace('eu-west-1', 'eu-west-2') } },
      { headers: { ...request.headers, authorization: request.headers.authorization?.replace('content-type;', '') } },
    ]
    for (const change of changes) expect(() => check({ ...request, ...change }, sha256(plain.body)), JSON.stringify(change)).toThrow(/does not match/)
    expect(() => check(request, sha256('{"a":2}'))).toThrow(/does not match/)
    expect(() => check(request, sha256(plain.body))).not.toThrow()
  })

  it('is accepted from a client that signed the host without its port', async () => {
    const request = await signedByHeaders({ ...plain, headers: { ...plain.headers, host: '127.0.0.1' } })
    expect(() => check({ ...request, headers: { ...request.headers, host: '127.0.0.1:4680' } }, sha256(plain.body))).not.toThrow()
    expect(() => check({ ...request, headers: { ...request.headers, host: '127.0.0.2:4680' } }, sha256(plain.body))).toThrow(/does not match/)
  })

  it('is accepted over HTTP/2, where the host is the authority', async () => {
    const request = await signedByHeaders(plain)
    const { host, ...others } = request.headers
    expect(() => check({ ...request, headers: { ...others, ':authority': host } }, sha256(plain.body))).not.toThrow()
  })

  it('follows the secret when a key id gets a new one', async () => {
    const request = await signedByHeaders(plain)
    check(request, sha256(plain.body))
    issued = { ...issued, secretAccessKey: 'another' }
    expect(() => check(request, sha256(plain.body))).toThrow(/does not match/)
  })
})

describe('before the signature is looked at', () => {
  const reasonOf = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      if (error instanceof RequestRefused) return error.reason
      throw error
    }
    return 'accepted'
  }

  it('dates more than five minutes away are refused, in both directions', async () => {
    const request = await signedByHeaders(plain)
    const claim = readCredentialClaim(request) as CredentialClaim
    const at = (ms: number) => {
      now = signedAt + ms
      return reasonOf(() => verifier.admit(claim, request))
    }
    expect([at(-300_001), at(-300_000), at(300_000), at(300_001)]).toEqual(['skewed', 'accepted', 'accepted', 'skewed'])
    expect(() => verifier.admit(claim, request)).toThrow(
      'Signature expired: 20261120T120000Z is now earlier than 20261120T120000Z (20261120T120500Z - 5 min.)',
    )
  })

  it('a presigned URL ends with its lifetime, and AgentCore allows 300 seconds of it', async () => {
    const request = await presigned(plain, 300)
    const claim = readCredentialClaim(request) as CredentialClaim
    now = signedAt + 300_000
    expect(reasonOf(() => verifier.admit(claim, request))).toBe('accepted')
    now += 1
    expect(reasonOf(() => verifier.admit(claim, request))).toBe('presigned-expired')
    now = signedAt
    const long = await presigned(plain, 301)
    expect(reasonOf(() => verifier.admit(readCredentialClaim(long) as CredentialClaim, long))).toBe('presigned-lifetime')
    const object = await presigned({ ...plain, method: 'GET', service: 's3', body: '' }, 604_800)
    expect(reasonOf(() => verifier.admit(readCredentialClaim(object) as CredentialClaim, object))).toBe('accepted')
  })

  it('unknown keys, wrong, missing, superfluous and expired tokens are refused', async () => {
    const request = await signedByHeaders({ ...plain, sessionToken: 'token' })
    const claim = readCredentialClaim(request) as CredentialClaim
    const reason = (changed: Partial<CredentialClaim>) => reasonOf(() => verifier.admit({ ...claim, ...changed }, request))
    expect(reason({})).toBe('wrong-token')
    issued = { ...issued, sessionToken: 'token', expiresAt: signedAt + 1 }
    expect(reason({})).toBe('accepted')
    expect(reason({ sessionToken: 'tokem' })).toBe('wrong-token')
    expect(reason({ sessionToken: undefined })).toBe('wrong-token')
    expect(reason({ accessKeyId: 'AKIDOTHER' })).toBe('unknown-key')
    now += 1
    expect(reason({})).toBe('expired-token')
  })

  it('the day of the scope must be the day of the date, and host and date must be signed', async () => {
    const request = await signedByHeaders(plain)
    const claim = readCredentialClaim(request) as CredentialClaim
    const reason = (changed: Partial<CredentialClaim>) => reasonOf(() => verifier.admit({ ...claim, ...changed }, request))
    expect(reason({ day: '20261119' })).toBe('scope-mismatch')
    expect(reason({ signedHeaders: ['host'] })).toBe('malformed-authorization')
    expect(reason({ signedHeaders: ['x-amz-date'] })).toBe('malformed-authorization')
  })

  it('s3 refuses headers of its own that the signature leaves out', async () => {
    const request = await presigned({ ...plain, method: 'PUT', service: 's3', headers: {} })
    const claim = readCredentialClaim(request) as CredentialClaim
    const copied = { ...request, headers: { ...request.headers, 'x-amz-copy-source': '/other/secret' } }
    expect(reasonOf(() => verifier.admit(claim, copied))).toBe('unsigned-header')
  })
})

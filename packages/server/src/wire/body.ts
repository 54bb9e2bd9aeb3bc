// From a request's raw bytes to a body that is vouched for: by its hash in a signed header, by chunk signatures, or, when
// the client sends neither, by hashing all of it before the signature is checked.
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type ChunkedBody, decodeChunks, streamingPayloads } from './aws-chunked.js'
import type { BodyBudget, BodyHold } from './body-budget.js'
import { type BodyCheck, contentHashCheck, contentHashMismatch, guarded, memoryCheck, sizeCheck, tooLarge } from './body-checks.js'
import { bodyPatience, checkAll, gather, type Patience, pieces } from './body-source.js'
import type { VerifiedBody, WireRequest } from './exchange.js'
import type { Admitted, SignatureVerifier } from './sigv4.js'
import { RequestRefused } from './sigv4-refusals.js'
import type { Spool } from './spool.js'

export interface BodyPorts {
  signatures: SignatureVerifier
  spool: Spool
  budget: BodyBudget
  patience?: Patience
}

export interface BodyRules {
  maxBytes: number
  /** The operation takes it as it comes; else all of it ends up in memory. */
  isStreamed?: boolean
  /** Further promises about the body, such as checksums; `trailers` are filled when the body has ended. */
  checks?: (trailers: ReadonlyMap<string, string>) => readonly BodyCheck[]
}

const smallBytes = 64 * 1024
const emptyHash = hash('sha256', '')
const none: ReadonlyMap<string, string> = new Map()

/** Throws RequestRefused; the returned stream ends with one when a promise turns out broken after the head was believed. */
export async function verifyBody(admitted: Admitted, rules: BodyRules, ports: BodyPorts): Promise<VerifiedBody> {
  const { claim, request } = admitted
  const { maxBytes, checks, isStreamed = false } = rules
  const { signatures, budget, patience = bodyPatience } = ports
  const stated = statedPayload(admitted)
  const length = lengthOf(request)
  if (stated !== undefined && stated in streamingPayloads && claim.service === 's3') {
    signatures.verify(admitted, stated)
    const trailers = new Map<string, string>()
    const kind = streamingPayloads[stated as keyof typeof streamingPayloads]
    return chunked({ ...kind, admitted, signatures, trailers }, { maxBytes, isStreamed, promised: checks?.(trailers) ?? [] }, { budget, patience })
  }
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
  const promised = checks?.(none) ?? []
  if (stated === undefined) return unstated(admitted, { maxBytes, isStreamed, promised, length }, { ...ports, patience })
  const isUnsigned = stated === 'UNSIGNED-PAYLOAD' && (claim.service === 's3' || claim.presigned !== undefined)
  if (!isUnsigned && !/^[0-9a-f]{64}$/.test(stated)) throw unknownPayload(stated, claim.service)
  signatures.verify(admitted, stated)
  return arriving(
    request,
    isUnsigned ? undefined : stated,
    { maxBytes, isStreamed, promised, length },
    { hold: budget.hold(claim.accessKeyId, 'signed'), patience },
  )
}

/** Of a caller who is known already, and did not sign: the bytes are what came. */
export async function trustedBody(
  request: WireRequest,
  holder: string,
  { maxBytes, checks, isStreamed = false }: BodyRules,
  { budget, patience = bodyPatience }: Pick<BodyPorts, 'budget' | 'patience'>,
): Promise<VerifiedBody> {
  const length = lengthOf(request)
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
  return arriving(
    request,
    undefined,
    { maxBytes, isStreamed, promised: checks?.(none) ?? [], length },
    { hold: budget.hold(holder, 'signed'), patience },
  )
}

/** `contentHash`: what the bytes must come to. */
async function arriving(
  request: WireRequest,
  contentHash: string | undefined,
  { maxBytes, isStreamed, promised, length }: Promised & { length: number | undefined },
  { hold, patience }: { hold: BodyHold; patience: Patience },
): Promise<VerifiedBody> {
  if (length !== undefined && length <= smallBytes) {
    return releasedUnless(hold, async () => {
      const bytes = length === 0 ? Buffer.alloc(0) : await gather(request.body, { maxBytes, hold, patience })
      if (contentHash !== undefined && (bytes.length === 0 ? emptyHash : hash('sha256', bytes)) !== contentHash) throw contentHashMismatch()
      checkAll(bytes, promised)
      return new InMemory(bytes, hold)
    })
  }
  const own = [sizeCheck(maxBytes), ...(isStreamed ? [] : [memoryCheck(hold)]), ...(contentHash === undefined ? [] : [contentHashCheck(contentHash)])]
  // What passes through may take as long as it moves; over HTTP/2 nobody else ends a body of which nothing comes any more.
  const waiting = isStreamed ? { ...patience, totalMs: Number.POSITIVE_INFINITY } : patience
  return streamed(pieces(request.body, waiting), [...own, ...promised], { length, holds: [hold] })
}

interface Promised {
  maxBytes: number
  isStreamed: boolean
  promised: readonly BodyCheck[]
}

type Waiting = Required<Pick<BodyPorts, 'budget' | 'patience'>>

/** boto3 to most services: nothing says what the body is, so all of it is hashed before anything of it is used. */
async function unstated(
  admitted: Admitted,
  { maxBytes, isStreamed, promised, length }: Promised & { length: number | undefined },
  { signatures, spool, budget, patience }: Waiting & BodyPorts,
): Promise<VerifiedBody> {
  const { claim, request } = admitted
  const unchecked = budget.hold(claim.accessKeyId, 'unchecked')
  const signed = budget.hold(claim.accessKeyId, 'signed')
  const keep = (bytes: Buffer) => {
    unchecked.release()
    signed.take(bytes.length)
    return new InMemory(bytes, signed)
  }
  return releasedUnless(unchecked, async () => {
    if (length !== undefined && length <= smallBytes) {
      const bytes = length === 0 ? Buffer.alloc(0) : await gather(request.body, { maxBytes, hold: unchecked, patience })
      signatures.verify(admitted, bytes.length === 0 ? emptyHash : hash('sha256', bytes))
      checkAll(bytes, promised)
      return keep(bytes)
    }
    const source = guarded(pieces(request.body, patience), [sizeCheck(maxBytes), ...promised])
    const spooled = await spool.take(source, { accessKeyId: claim.accessKeyId, memory: unchecked })
    try {
      signatures.verify(admitted, spooled.sha256)
      if (spooled.bytes) return keep(spooled.bytes)
      if (!isStreamed) signed.take(spooled.size)
    } catch (error) {
      await spooled.release()
      throw error
    }
    const release = () => {
      signed.release()
      return spooled.release()
    }
    return { stream: spooled.stream(), length: spooled.size, release, trailers: none }
  })
}

function chunked(body: ChunkedBody, { maxBytes, isStreamed, promised }: Promised, { budget, patience }: Waiting): VerifiedBody {
  const { claim, request } = body.admitted
  const stated = request.headers['x-amz-decoded-content-length']
  if (typeof stated !== 'string' || !/^\d{1,15}$/.test(stated)) {
    throw new RequestRefused('length-missing', 'You must provide the x-amz-decoded-content-length HTTP header, in bytes.')
  }
  const length = Number(stated)
  if (length > maxBytes) throw tooLarge(maxBytes)
  const [decoding, gathered] = [budget.hold(claim.accessKeyId, 'signed'), budget.hold(claim.accessKeyId, 'signed')]
  const arriving = pieces(request.body, { ...patience, totalMs: Number.POSITIVE_INFINITY })
  const source = passedOn(decodeChunks(counted(arriving, decoding), body), decoding)
  const checks = [sizeCheck(maxBytes, length), ...(isStreamed ? [] : [memoryCheck(gathered)]), ...promised]
  return { ...streamed(source, checks, { length, holds: [decoding, gathered] }), trailers: body.trailers }
}

async function* counted(source: AsyncIterable<Buffer>, hold: BodyHold): AsyncGenerator<Buffer, void, undefined> {
  for await (const bytes of source) {
    hold.take(bytes.length)
    yield bytes
  }
}

/** A signed chunk is gathered until its signature can be checked; what the decoder has handed on, it no longer holds. */
async function* passedOn(source: AsyncIterable<Buffer>, hold: BodyHold): AsyncGenerator<Buffer, void, undefined> {
  for await (const bytes of source) {
    hold.release()
    yield bytes
  }
}

function streamed(
  source: AsyncIterable<Buffer>,
  checks: readonly BodyCheck[],
  { length, holds }: { length: number | undefined; holds: readonly BodyHold[] },
): VerifiedBody {
  const stream = Readable.from(guarded(source, checks), { objectMode: false })
  const giveBack = () => {
    for (const hold of holds) hold.release()
  }
  const release = async () => {
    giveBack()
    // A piece that was on its way is counted after this, and comes to nobody.
    if (!stream.closed) stream.once('close', giveBack)
    stream.destroy()
  }
  return { stream, length, trailers: none, release }
}

async function releasedUnless<T>(hold: BodyHold, done: () => Promise<T>): Promise<T> {
  try {
    return await done()
  } catch (error) {
    hold.release()
    throw error
  }
}

/** A class for its getter alone: a getter in an object literal gives each object a shape of its own, which slows everything that reads it. */
class InMemory implements VerifiedBody {
  readonly bytes: Buffer
  readonly length: number
  readonly trailers = none
  readonly #hold: BodyHold
  #stream: Readable | undefined

  constructor(bytes: Buffer, hold: BodyHold) {
    this.bytes = bytes
    this.#hold = hold
    this.length = bytes.length
  }

  get stream(): Readable {
    this.#stream ??= Readable.from(this.bytes.length === 0 ? [] : [this.bytes], { objectMode: false })
    return this.#stream
  }

  async release(): Promise<void> {
    this.#stream?.destroy()
    this.#hold.release()
  }
}

/** What the signature covers in place of the body; `undefined` when the client leaves that to us. */
function statedPayload({ claim, request }: Admitted): string | undefined {
  const header = request.headers['x-amz-content-sha256']
  if (typeof header === 'string') return header
  if (!claim.presigned) return undefined
  const inQuery = new URLSearchParams(request.rawQuery).get('X-Amz-Content-Sha256')
  return inQuery ?? (claim.service === 's3' ? 'UNSIGNED-PAYLOAD' : undefined)
}

function lengthOf({ headers, httpVersionMajor }: WireRequest): number | undefined {
  const stated = headers['content-length']
  if (stated !== undefined && headers['transfer-encoding'] === undefined) return Number(stated)
  // HTTP/1.1 without either has no body; HTTP/2 may have one of any length.
  return headers['transfer-encoding'] === undefined && httpVersionMajor < 2 ? 0 : undefined
}

function unknownPayload(stated: string, service: string): RequestRefused {
  const allowed = service === 's3' ? 'UNSIGNED-PAYLOAD, a STREAMING- value or a SHA-256 in hexadecimal' : 'a SHA-256 in hexadecimal'
  const shown = /^[\w-]{1,64}$/.test(stated) ? ` (${stated})` : ''
  return new RequestRefused('content-hash-invalid', `x-amz-content-sha256${shown} must be ${allowed}.`)
}

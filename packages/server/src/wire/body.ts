// From a request's raw bytes to a body that is vouched for: by its hash in a signed header, by chunk signatures, or, when
// the client sends neither, by hashing all of it before the signature is checked.
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type ChunkedBody, decodeChunks, streamingPayloads } from './aws-chunked.js'
import { type BodyCheck, contentHashCheck, contentHashMismatch, guarded, sizeCheck, tooLarge } from './body-checks.js'
import { checkAll, gather, pieces } from './body-source.js'
import type { VerifiedBody, WireRequest } from './exchange.js'
import type { Admitted, SignatureVerifier } from './sigv4.js'
import { RequestRefused } from './sigv4-refusals.js'
import type { Spool } from './spool.js'

export interface BodyPorts {
  signatures: SignatureVerifier
  spool: Spool
}

export interface BodyRules {
  maxBytes: number
  /** Further promises about the body, such as checksums; `trailers` are filled when the body has ended. */
  checks?: (trailers: ReadonlyMap<string, string>) => readonly BodyCheck[]
}

const smallBytes = 64 * 1024
const emptyHash = hash('sha256', '')
const none: ReadonlyMap<string, string> = new Map()

/** Throws RequestRefused; the returned stream ends with one when a promise turns out broken after the head was believed. */
export async function verifyBody(admitted: Admitted, { maxBytes, checks }: BodyRules, { signatures, spool }: BodyPorts): Promise<VerifiedBody> {
  const { claim, request } = admitted
  const stated = statedPayload(admitted)
  const length = lengthOf(request)
  if (stated !== undefined && stated in streamingPayloads && claim.service === 's3') {
    signatures.verify(admitted, stated)
    const trailers = new Map<string, string>()
    const kind = streamingPayloads[stated as keyof typeof streamingPayloads]
    return chunked({ ...kind, admitted, signatures, trailers }, maxBytes, checks?.(trailers) ?? [])
  }
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
  const promised = checks?.(none) ?? []
  if (stated === undefined) return unstated(admitted, { maxBytes, promised, length }, { signatures, spool })
  const isUnsigned = stated === 'UNSIGNED-PAYLOAD' && (claim.service === 's3' || claim.presigned !== undefined)
  if (!isUnsigned && !/^[0-9a-f]{64}$/.test(stated)) throw unknownPayload(stated, claim.service)
  signatures.verify(admitted, stated)
  if (length !== undefined && length <= smallBytes) {
    const bytes = length === 0 ? Buffer.alloc(0) : await gather(request.body, maxBytes)
    if (!isUnsigned && (bytes.length === 0 ? emptyHash : hash('sha256', bytes)) !== stated) throw contentHashMismatch()
    checkAll(bytes, promised)
    return new InMemory(bytes)
  }
  return streamed(pieces(request.body), [sizeCheck(maxBytes), ...(isUnsigned ? [] : [contentHashCheck(stated)]), ...promised], length)
}

interface Unstated {
  maxBytes: number
  promised: readonly BodyCheck[]
  length: number | undefined
}

/** boto3 to most services: nothing says what the body is, so all of it is hashed before anything of it is used. */
async function unstated(admitted: Admitted, { maxBytes, promised, length }: Unstated, { signatures, spool }: BodyPorts): Promise<VerifiedBody> {
  if (length !== undefined && length <= smallBytes) {
    const bytes = length === 0 ? Buffer.alloc(0) : await gather(admitted.request.body, maxBytes)
    signatures.verify(admitted, bytes.length === 0 ? emptyHash : hash('sha256', bytes))
    checkAll(bytes, promised)
    return new InMemory(bytes)
  }
  const spooled = await spool.take(guarded(pieces(admitted.request.body), [sizeCheck(maxBytes), ...promised]))
  try {
    signatures.verify(admitted, spooled.sha256)
  } catch (error) {
    await spooled.release()
    throw error
  }
  if (spooled.bytes) return new InMemory(spooled.bytes)
  return { stream: spooled.stream(), length: spooled.size, release: spooled.release, trailers: none }
}

function chunked(body: ChunkedBody, maxBytes: number, promised: readonly BodyCheck[]): VerifiedBody {
  const stated = body.admitted.request.headers['x-amz-decoded-content-length']
  if (typeof stated !== 'string' || !/^\d{1,15}$/.test(stated)) {
    throw new RequestRefused('length-missing', 'You must provide the x-amz-decoded-content-length HTTP header, in bytes.')
  }
  const length = Number(stated)
  if (length > maxBytes) throw tooLarge(maxBytes)
  const source = decodeChunks(pieces(body.admitted.request.body), body)
  return { ...streamed(source, [sizeCheck(maxBytes, length), ...promised], length), trailers: body.trailers }
}

function streamed(source: AsyncIterable<Buffer>, checks: readonly BodyCheck[], length: number | undefined): VerifiedBody {
  const stream = Readable.from(guarded(source, checks), { objectMode: false })
  return { stream, length, trailers: none, release: async () => void stream.destroy() }
}

/** A class for its getter alone: a getter in an object literal gives each object a shape of its own, which slows everything that reads it. */
class InMemory implements VerifiedBody {
  readonly bytes: Buffer
  readonly length: number
  readonly trailers = none
  #stream: Readable | undefined

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.length = bytes.length
  }

  get stream(): Readable {
    this.#stream ??= Readable.from(this.bytes.length === 0 ? [] : [this.bytes], { objectMode: false })
    return this.#stream
  }

  async release(): Promise<void> {
    this.#stream?.destroy()
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

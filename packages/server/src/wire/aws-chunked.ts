// The aws-chunked framing of S3 uploads: sized chunks, signed one by one in a chain or not at all, then trailers.
import { hash } from 'node:crypto'
import { chunkReader } from './aws-chunked-reader.js'
import { type Admitted, equalText, type SignatureVerifier } from './sigv4.js'
import { RequestRefused } from './sigv4-refusals.js'

export const streamingPayloads = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { isSigned: true, hasTrailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { isSigned: true, hasTrailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { isSigned: false, hasTrailer: true },
} as const

export interface ChunkedBody {
  isSigned: boolean
  hasTrailer: boolean
  admitted: Admitted
  signatures: SignatureVerifier
  /** Filled, by lower-case name, before the decoder ends. */
  trailers: Map<string, string>
}

/** A signed chunk is held whole until its signature is known to be right, so it cannot be of any size. */
const maxSignedChunk = 16 * 1024 ** 2
const emptyHash = hash('sha256', '')

export async function* decodeChunks(source: AsyncIterable<Buffer>, body: ChunkedBody): AsyncGenerator<Buffer, void, undefined> {
  const reader = chunkReader(source)
  const chain = signatureChain(body)
  for (;;) {
    const { size, signature } = parseHead(await reader.line(), body.isSigned)
    if (body.isSigned) {
      const bytes = await reader.exactly(size)
      chain.checkChunk(bytes, signature)
      if (size > 0) yield bytes
    } else {
      for (let left = size; left > 0; ) {
        const bytes = await reader.atMost(left)
        left -= bytes.length
        yield bytes
      }
    }
    if (size === 0) break
    if ((await reader.line()) !== '') throw malformed('a chunk is longer than its size says')
  }
  await readTrailers(reader, body, chain)
}

async function readTrailers(
  reader: ReturnType<typeof chunkReader>,
  { hasTrailer, isSigned, trailers }: ChunkedBody,
  chain: SignatureChain,
): Promise<void> {
  let text = ''
  let signature = ''
  for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
    const colon = line.indexOf(':')
    if (!hasTrailer || colon <= 0) throw malformed('there is text after the last chunk that is no trailer')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === 'x-amz-trailer-signature') {
      signature = value
      continue
    }
    if (trailers.has(name)) throw malformed(`the trailer ${name.slice(0, 64)} comes twice`)
    trailers.set(name, value)
    text += `${name}:${value}\n`
  }
  if (isSigned && hasTrailer) chain.checkTrailer(text, signature)
  if (!(await reader.isAtEnd())) throw malformed('bytes follow the end of the last chunk')
}

type SignatureChain = ReturnType<typeof signatureChain>

/** Each signature covers the one before it; the first one, that of the request. */
function signatureChain({ admitted, signatures }: ChunkedBody) {
  let previous = admitted.claim.signature
  const check = (expected: string, stated: string, what: string) => {
    if (!equalText(expected, stated))
      throw new RequestRefused('chunk-signature-mismatch', `The signature of ${what} does not match what was computed.`)
    previous = expected
  }
  return {
    checkChunk(bytes: Buffer, stated: string): void {
      check(signatures.signWithin(admitted, 'AWS4-HMAC-SHA256-PAYLOAD', `${previous}\n${emptyHash}\n${hash('sha256', bytes)}`), stated, 'a chunk')
    },
    checkTrailer(text: string, stated: string): void {
      check(signatures.signWithin(admitted, 'AWS4-HMAC-SHA256-TRAILER', `${previous}\n${hash('sha256', text)}`), stated, 'the trailer')
    },
  }
}

function parseHead(line: string, isSigned: boolean): { size: number; signature: string } {
  const [, digits = '', signature = ''] = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line) ?? []
  if (digits === '') throw malformed('the size line of a chunk is not size[;chunk-signature=…]')
  if (isSigned !== (signature !== ''))
    throw malformed(isSigned ? 'a chunk has no chunk-signature' : 'a chunk is signed in a body announced as unsigned')
  const size = Number.parseInt(digits, 16)
  if (isSigned && size > maxSignedChunk) throw malformed(`a signed chunk of ${size} bytes is larger than ${maxSignedChunk}`)
  return { size, signature }
}

function malformed(what: string): RequestRefused {
  return new RequestRefused('chunk-malformed', `The aws-chunked body is not well formed: ${what}.`)
}

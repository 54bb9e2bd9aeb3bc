// The checksums that s3 clients send beside the signature: in headers, in a presigned query, or as trailers.
import { createHash } from 'node:crypto'
import { type Checksum, type ChecksumAlgorithm, checksum, checksumAlgorithms, checksumBytes } from '#kernel/checksums.js'
import type { BodyRules } from '#wire/body.js'
import type { BodyCheck } from '#wire/body-checks.js'
import type { WireRequest } from '#wire/exchange.js'
import { RequestRefused } from '#wire/sigv4-refusals.js'

export interface StatedChecksum {
  algorithm: ChecksumAlgorithm
  /** base64 */
  value: string
}

export const checksumHeader = (algorithm: ChecksumAlgorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`

export function s3BodyChecks(request: WireRequest): NonNullable<BodyRules['checks']> {
  return (trailers) => {
    const checks: BodyCheck[] = []
    const stated = statedChecksum(request)
    if (stated) checks.push(checksumCheck(stated.algorithm, () => stated.value))
    const trailer = announcedTrailer(request)
    if (trailer) checks.push(checksumCheck(trailer, () => trailers.get(checksumHeader(trailer))))
    const md5 = request.headers['content-md5']
    if (typeof md5 === 'string') checks.push(md5Check(md5))
    return checks
  }
}

/** The one checksum in the headers, or in the query of a presigned URL. `mayNameParts`: it may end in `-N`. */
export function statedChecksum({ headers, rawQuery }: WireRequest, { mayNameParts = false } = {}): StatedChecksum | undefined {
  const query = rawQuery.toLowerCase().includes('x-amz-checksum-') ? new URLSearchParams(rawQuery) : undefined
  const found: StatedChecksum[] = []
  for (const algorithm of checksumAlgorithms) {
    const name = checksumHeader(algorithm)
    const value = headers[name] ?? query?.get(name)
    if (typeof value === 'string') found.push({ algorithm, value })
  }
  if (found.length > 1) throw invalid('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  const [only] = found
  if (only) checkForm(only.algorithm, mayNameParts ? only.value.replace(/-\d{1,5}$/, '') : only.value)
  return only
}

/** The algorithm of the trailer that x-amz-trailer announces. */
export function announcedTrailer({ headers }: WireRequest): ChecksumAlgorithm | undefined {
  const announced = headers['x-amz-trailer']
  if (announced === undefined) return undefined
  const algorithm = checksumAlgorithms.find((candidate) => checksumHeader(candidate) === String(announced).trim().toLowerCase())
  if (!algorithm)
    throw invalid(
      `The value specified in the x-amz-trailer header is not supported. Use one of ${checksumAlgorithms.map(checksumHeader).join(', ')}.`,
    )
  return algorithm
}

function checksumCheck(algorithm: ChecksumAlgorithm, stated: () => string | undefined): BodyCheck {
  const computed: Checksum = checksum(algorithm)
  return {
    update: (bytes) => computed.update(bytes),
    finish() {
      const value = stated()
      if (value === undefined) throw invalid(`The trailer ${checksumHeader(algorithm)} was announced and did not come.`)
      checkForm(algorithm, value)
      if (computed.digest().toString('base64') !== value) {
        throw new RequestRefused('checksum-mismatch', `The ${algorithm} you specified did not match the calculated checksum.`)
      }
    },
  }
}

function checkForm(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64')
  if (bytes.length !== checksumBytes[algorithm] || bytes.toString('base64') !== value)
    throw invalid(`Value for ${checksumHeader(algorithm)} header is invalid.`)
}

function md5Check(stated: string): BodyCheck {
  const expected = Buffer.from(stated, 'base64')
  if (expected.length !== 16 || expected.toString('base64') !== stated) throw invalid('The Content-MD5 you specified is not valid.')
  const md5 = createHash('md5')
  return {
    update: (bytes) => void md5.update(bytes),
    finish() {
      if (!md5.digest().equals(expected))
        throw new RequestRefused('checksum-mismatch', 'The Content-MD5 you specified did not match what we received.')
    },
  }
}

function invalid(message: string): RequestRefused {
  return new RequestRefused('checksum-invalid', message)
}

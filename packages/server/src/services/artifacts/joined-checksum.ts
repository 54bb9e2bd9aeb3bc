// The checksum of an object that came in parts: over all its bytes, or over the checksums of its parts.
import { checksum } from '#kernel/checksums.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { NewUpload, ObjectChecksum } from '#ports/buckets.js'
import type { PartDocument } from './documents.js'

type Wanted = Pick<NewUpload, 'checksumAlgorithm' | 'checksumType'>

/** CRC64NVME exists only over the whole object. */
export function usesWholeChecksum({ checksumAlgorithm, checksumType }: Wanted): boolean {
  return checksumType === 'FULL_OBJECT' || checksumAlgorithm === 'CRC64NVME'
}

export function joinedChecksum(
  wanted: Wanted,
  parts: readonly PartDocument[],
  whole: Buffer | undefined,
  stated: Omit<ObjectChecksum, 'type'> | undefined,
): ObjectChecksum | undefined {
  const algorithm = wanted.checksumAlgorithm
  if (stated && stated.algorithm !== algorithm) {
    throw new BucketError(
      'InvalidRequest',
      `The upload was not created with the checksum algorithm ${stated.algorithm}, which its completion states.`,
    )
  }
  if (!algorithm) return undefined
  const computed: ObjectChecksum = whole
    ? { algorithm, value: whole.toString('base64'), type: 'FULL_OBJECT' }
    : { algorithm, value: `${composite(algorithm, parts)}-${parts.length}`, type: 'COMPOSITE' }
  // Some clients leave out the number of parts.
  if (stated && stated.value !== computed.value && stated.value !== computed.value.replace(/-\d+$/, '')) {
    throw new BucketError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
  }
  return computed
}

function composite(algorithm: ObjectChecksum['algorithm'], parts: readonly PartDocument[]): string {
  const over = checksum(algorithm)
  for (const [at, part] of parts.entries()) {
    if (part.checksum?.algorithm !== algorithm) {
      throw new BucketError(
        'InvalidRequest',
        `The upload was created using a ${algorithm.toLowerCase()} checksum, but part ${at + 1} of the list was uploaded without one.`,
      )
    }
    over.update(Buffer.from(part.checksum.value, 'base64'))
  }
  return over.digest().toString('base64')
}

// Which stored parts a CompleteMultipartUpload names, and whether it names them rightly.
import { BucketError } from '#ports/bucket-errors.js'
import type { NamedPart } from '#ports/buckets.js'
import type { PartDocument } from './documents.js'
import { minPartBytes } from './limits.js'

export function chooseParts(stored: readonly { partNumber: number; document: PartDocument }[], named: readonly NamedPart[]): PartDocument[] {
  const byNumber = new Map(stored.map(({ partNumber, document }) => [partNumber, document]))
  if (named.some(({ partNumber }, at) => at > 0 && (named[at - 1]?.partNumber ?? 0) >= partNumber)) {
    throw new BucketError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.')
  }
  return named.map(({ partNumber, etag, checksum }, at) => {
    const part = byNumber.get(partNumber)
    if (!part || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw new BucketError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag or checksum may not match that of the part.',
        { PartNumber: partNumber },
      )
    }
    if (part.size < minPartBytes && at < named.length - 1) {
      throw new BucketError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        PartNumber: partNumber,
        ProposedSize: part.size,
        MinSizeAllowed: minPartBytes,
      })
    }
    return part
  })
}

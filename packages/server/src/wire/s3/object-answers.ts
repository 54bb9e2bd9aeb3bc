// How an object's facts look in headers.
import type { ObjectChecksum, ObjectFacts } from '#ports/buckets.js'
import { checksumHeader } from './body-checks.js'

export const quoted = (etag: string) => `"${etag}"`

export function factHeaders({ size, etag, modifiedAt, headers, metadata }: ObjectFacts): Record<string, string | number> {
  const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])
  return {
    'content-type': 'binary/octet-stream',
    ...headers,
    ...Object.fromEntries(named),
    'content-length': size,
    'last-modified': new Date(modifiedAt).toUTCString(),
    etag: quoted(etag),
    'accept-ranges': 'bytes',
  }
}

export function checksumHeaders(checksum: ObjectChecksum | undefined): Record<string, string> {
  return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {}
}

/** As XML elements: ChecksumCRC32, ChecksumType. */
export function checksumElements(checksum: (Omit<ObjectChecksum, 'type'> & { type?: ObjectChecksum['type'] }) | undefined): Record<string, string> {
  if (!checksum) return {}
  const type: Record<string, string> = checksum.type ? { ChecksumType: checksum.type } : {}
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ...type }
}

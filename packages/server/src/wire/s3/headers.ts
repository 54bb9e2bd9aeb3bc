// Which x-amz-… headers change what happens here, which are true anyway, and which are refused by name.
import { checksumAlgorithms } from '#kernel/checksums.js'
import { BucketError } from '#ports/bucket-errors.js'
import { checksumHeader } from './body-checks.js'

const understood = new Set([
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-checksum-algorithm',
  'x-amz-checksum-type',
  'x-amz-checksum-mode',
  'x-amz-expected-bucket-owner',
  'x-amz-source-expected-bucket-owner',
  'x-amz-copy-source',
  'x-amz-copy-source-range',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-unmodified-since',
  'x-amz-metadata-directive',
  'x-amz-mp-object-size',
  ...checksumAlgorithms.map(checksumHeader),
])

/** Headers that ask for what is the case anyway. */
const alreadySo: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control', 'bucket-owner-read'],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-object-ownership': ['BucketOwnerEnforced'],
  'x-amz-bucket-object-lock-enabled': ['false'],
  'x-amz-bucket-namespace': ['global'],
  'x-amz-request-payer': ['requester'],
  'x-amz-tagging-directive': ['COPY'],
}

export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-') || name.startsWith('x-amz-meta-') || understood.has(name)) continue
    const allowed = alreadySo[name]
    if (allowed?.includes(value)) continue
    const only = allowed ? ` with another value than ${allowed.join(' or ')}` : ''
    throw new BucketError(
      'NotImplemented',
      `A header you provided implies functionality that is not served by agentworks: ${name}${only}. docs/conformance.md lists what works.`,
      {
        Header: name,
      },
    )
  }
}

/** Buckets have one owner here: the account that asks. */
export function checkOwner(headers: Readonly<Record<string, string>>, account: string): void {
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    const expected = headers[name]
    if (expected !== undefined && expected !== account)
      throw new BucketError('AccessDenied', `Access Denied: ${name} is not the account that owns the bucket.`)
  }
}

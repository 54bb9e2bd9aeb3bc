// Buckets and objects, as the s3 scope needs them. Names are S3's; times are epoch milliseconds.
// Refusals are BucketError; a scope's buckets are its own, so one name may exist in two Regions.
import type { Readable } from 'node:stream'
import type { ChecksumAlgorithm } from '#kernel/checksums.js'
import type { Scope } from '#kernel/scope.js'

export interface Bucket {
  name: string
  createdAt: number
}

export interface ObjectChecksum {
  algorithm: ChecksumAlgorithm
  /** base64; `…-N` when it was made from the checksums of N parts. */
  value: string
  type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** What a client says about an object's content and gets back with it. */
export interface ObjectDescription {
  /** content-type, content-encoding, cache-control … by lower-case name. */
  headers: Readonly<Record<string, string>>
  /** x-amz-meta-… without the prefix. */
  metadata: Readonly<Record<string, string>>
}

export interface ObjectFacts extends ObjectDescription {
  key: string
  size: number
  /** Without quotes. */
  etag: string
  modifiedAt: number
  checksum?: ObjectChecksum
}

/** ETags without quotes; `*` means any. Times in epoch milliseconds, to the second. */
export interface Conditions {
  ifMatch?: readonly string[]
  ifNoneMatch?: readonly string[]
  ifModifiedSince?: number
  ifUnmodifiedSince?: number
}

/** `first` and `last` inclusive; without `first`, the last `last` bytes. */
export interface ByteRange {
  first?: number
  last?: number
}

export interface ObjectAddress {
  bucket: string
  key: string
}

export interface ReadObject {
  facts: ObjectFacts
  /** The range that is answered, when one was asked for. */
  range?: { start: number; end: number }
  body: Readable
}

export interface UploadAddress extends ObjectAddress {
  uploadId: string
}

export interface Incoming {
  body: Readable
  /** Known once `body` has ended; already held against the bytes. */
  checksum?: () => Omit<ObjectChecksum, 'type'> | undefined
}

export interface PutObject extends ObjectAddress, ObjectDescription, Incoming {
  conditions: Conditions
}

export interface CopySource extends ObjectAddress {
  conditions: Conditions
}

export interface CopyObject extends ObjectAddress {
  source: CopySource
  /** Absent: the source's own. */
  description?: ObjectDescription
  /** A checksum to make, whatever the source has. */
  checksumAlgorithm?: ChecksumAlgorithm
  conditions: Conditions
}

export interface Listing {
  bucket: string
  prefix: string
  delimiter: string
  /** Keys and common prefixes after this one, in byte order of UTF-8. */
  after: string
  limit: number
}

export interface ListedObjects {
  objects: ObjectFacts[]
  commonPrefixes: string[]
  /** What to give as `after` for the next page; absent on the last one. */
  next?: string
}

export interface NewUpload extends ObjectAddress, ObjectDescription {
  checksumAlgorithm?: ChecksumAlgorithm
  checksumType?: ObjectChecksum['type']
}

export interface Upload extends UploadAddress {
  startedAt: number
  checksumAlgorithm?: ChecksumAlgorithm
  checksumType?: ObjectChecksum['type']
}

export interface UploadedPart {
  partNumber: number
  size: number
  etag: string
  modifiedAt: number
  checksum?: Omit<ObjectChecksum, 'type'>
}

export interface NamedPart {
  partNumber: number
  etag: string
  checksum?: string
}

export interface CompleteUpload extends UploadAddress {
  parts: readonly NamedPart[]
  conditions: Conditions
  /** Of the whole object, to be held against its bytes. */
  checksum?: Omit<ObjectChecksum, 'type'>
  size?: number
}

export interface Buckets {
  listBuckets(scope: Scope): Promise<Bucket[]>
  createBucket(scope: Scope, bucket: string): Promise<void>
  headBucket(scope: Scope, bucket: string): Promise<void>
  deleteBucket(scope: Scope, bucket: string): Promise<void>

  putObject(scope: Scope, input: PutObject): Promise<ObjectFacts>
  getObject(scope: Scope, input: ObjectAddress & { conditions: Conditions; range?: ByteRange }): Promise<ReadObject>
  headObject(scope: Scope, input: ObjectAddress & { conditions: Conditions; range?: ByteRange }): Promise<Omit<ReadObject, 'body'>>
  copyObject(scope: Scope, input: CopyObject): Promise<ObjectFacts>
  /** Nothing happens when a key is not there. */
  deleteObjects(scope: Scope, input: { bucket: string; keys: readonly string[] }): Promise<void>
  listObjects(scope: Scope, input: Listing): Promise<ListedObjects>

  createUpload(scope: Scope, input: NewUpload): Promise<Upload>
  uploadPart(scope: Scope, input: UploadAddress & Incoming & { partNumber: number }): Promise<UploadedPart>
  copyPart(scope: Scope, input: UploadAddress & { partNumber: number; source: CopySource; range?: ByteRange }): Promise<UploadedPart>
  completeUpload(scope: Scope, input: CompleteUpload): Promise<ObjectFacts>
  abortUpload(scope: Scope, input: UploadAddress): Promise<void>
  listParts(scope: Scope, input: UploadAddress): Promise<{ upload: Upload; parts: UploadedPart[] }>
  listUploads(scope: Scope, bucket: string): Promise<Upload[]>
}

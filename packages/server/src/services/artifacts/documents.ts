// What is stored of buckets, objects and uploads. Bucket names hold no slash, so `bucket/key` orders a bucket's keys as S3 lists them.

import type { Scope } from '#kernel/scope.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { NewUpload, ObjectFacts, UploadedPart } from '#ports/buckets.js'
import { collection, type Reader } from '#ports/store.js'

export interface BucketDocument {
  createdAt: number
}

export interface ObjectDocument extends Omit<ObjectFacts, 'key'> {
  /** Names the bytes. */
  handle: string
  sha256: string
}

export interface UploadDocument extends Omit<NewUpload, 'bucket'> {
  startedAt: number
}

export interface PartDocument extends Omit<UploadedPart, 'partNumber'> {
  handle: string
}

export const buckets = collection<BucketDocument>('artifact-buckets')
export const objects = collection<ObjectDocument>('artifact-objects')
export const uploads = collection<UploadDocument>('artifact-uploads')
export const parts = collection<PartDocument>('artifact-parts')

export const objectId = (bucket: string, key: string) => `${bucket}/${key}`
export const uploadRowId = (bucket: string, uploadId: string) => `${bucket}/${uploadId}`
export const partId = (uploadId: string, partNumber: number) => `${uploadId}/${String(partNumber).padStart(5, '0')}`

export async function requireBucket(reader: Reader, scope: Scope, bucket: string): Promise<BucketDocument> {
  const found = await reader.get(buckets, scope, bucket)
  if (!found) throw noSuchBucket(bucket)
  return found
}

function noSuchBucket(bucket: string): BucketError {
  return new BucketError('NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket })
}

export function noSuchKey(key: string): BucketError {
  return new BucketError('NoSuchKey', 'The specified key does not exist.', { Key: key })
}

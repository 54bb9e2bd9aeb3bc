// A package is stored under its hash: what is there already is not sent again.
import { createReadStream } from 'node:fs'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { sized } from '#packing/limits.js'
import type { Zip } from '#packing/zip.js'

interface Place {
  bucket: string
  /** Made when it is not there. */
  isOurs: boolean
  name: string
  step(text: string): void
}

export async function uploadOnce(objects: S3Client, made: Zip, { bucket: Bucket, isOurs, name, step }: Place): Promise<string> {
  const Key = `${name}/${made.sha256}.zip`
  step(`uploading ${sized(made.bytes)}`)
  if (isOurs)
    await objects.send(new CreateBucketCommand({ Bucket })).catch((error: unknown) => {
      if (!(error instanceof S3ServiceException) || !['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name)) throw error
    })
  const isThere = await objects.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false
      throw error
    },
  )
  if (!isThere)
    await objects.send(
      new PutObjectCommand({ Bucket, Key, Body: createReadStream(made.path), ContentLength: made.bytes, ContentType: 'application/zip' }),
    )
  return Key
}

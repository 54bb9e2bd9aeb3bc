// Which bucket and key a request is about: in the path, or with the bucket in the host name.
import { BucketError } from '#ports/bucket-errors.js'
import type { WireRequest } from '#wire/exchange.js'

export interface S3Address {
  level: 'service' | 'bucket' | 'object'
  bucket: string
  key: string
}

export function readAddress({ rawPath, headers }: Pick<WireRequest, 'rawPath' | 'headers'>): S3Address {
  const inHost = bucketOfHost(headers.host ?? '')
  const slash = inHost === undefined ? rawPath.indexOf('/', 1) : 0
  const bucket = inHost ?? decoded(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash))
  const key = slash < 0 ? '' : decoded(rawPath.slice(slash + 1))
  if (bucket === '' && rawPath.length > 1) throw new BucketError('InvalidURI', 'The path begins with two slashes: it names no bucket.')
  return { level: bucket === '' ? 'service' : key === '' ? 'bucket' : 'object', bucket, key }
}

/** `bucket.localhost`, `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`. */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const [, bucket] = /^(.+)\.(?:s3\.)?localhost$/.exec(name) ?? /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/.exec(name) ?? []
  return bucket === 's3' ? undefined : bucket
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BucketError('InvalidURI', "Couldn't parse the specified URI: a percent sign must begin two hexadecimal digits of UTF-8.")
  }
}

// The s3 scope: REST with XML, over buckets and objects.
import { pipeline } from 'node:stream/promises'
import type { Buckets } from '#ports/buckets.js'
import type { Authorizer } from '#ports/callers.js'
import type { VerifiedBody, WireResponse } from '#wire/exchange.js'
import type { MatchedOperation, Protocol } from '#wire/protocol.js'
import { s3BodyChecks } from './body-checks.js'
import { writeS3Error } from './errors.js'
import { checkHeaders, checkOwner } from './headers.js'
import { matchS3 } from './match.js'
import type { S3Answer, S3Call, S3Request } from './operation.js'

/** The largest single upload; larger objects come in parts. */
const maxObjectBytes = 5 * 1024 ** 3

export function s3Protocol({ buckets, authorizer }: { buckets: Buckets; authorizer: Authorizer }): Protocol {
  return {
    service: 's3',

    match(request): MatchedOperation {
      const matched = matchS3(request)
      const { name, action, takesObject, checksumsDescribeObject } = matched.operation
      return {
        name,
        action: `s3:${action}`,
        streamsUpTo: takesObject ? maxObjectBytes : undefined,
        bodyChecks: checksumsDescribeObject ? undefined : s3BodyChecks(request),
        detail: matched,
      }
    },

    async read({ detail }, _request, body): Promise<Omit<S3Call, 'context' | 'buckets' | 'authorize'>> {
      const matched = detail as S3Request
      checkHeaders(matched.headers)
      return { ...matched, body, xml: matched.operation.xml ? await wholeBody(body) : Buffer.alloc(0) }
    },

    resource({ detail }, input) {
      const { level, bucket, key, operation } = detail as S3Request
      return level === 'service' ? '*' : arnOf(bucket, operation.keyOf?.((input as S3Call).xml) ?? key)
    },

    conditions({ detail }) {
      const { query } = detail as S3Request
      const value = (name: string) => query.get(name) ?? undefined
      return { 's3:prefix': value('prefix'), 's3:delimiter': value('delimiter'), 's3:max-keys': value('max-keys') }
    },

    dispatch({ detail }, context, input) {
      const { operation, headers } = detail as S3Request
      checkOwner(headers, context.account)
      const authorize: S3Call['authorize'] = (action, bucket, key) =>
        authorizer.authorize(context.caller, `s3:${action}`, arnOf(bucket, key), context)
      return operation.run({ ...(input as S3Call), context, buckets, authorize })
    },

    write: ({ detail }, output, { response, requestId }) => write((detail as S3Request).wire.method, output as S3Answer, response, requestId),

    writeError(error, response, requestId, operation) {
      writeS3Error(error, response, requestId, (operation?.detail as S3Request | undefined)?.wire.method === 'HEAD')
    },
  }
}

function arnOf(bucket: string, key: string): string {
  return key === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`
}

async function wholeBody({ bytes, stream }: VerifiedBody): Promise<Buffer> {
  return bytes ?? Buffer.concat(await stream.toArray())
}

async function write(
  method: string,
  { status = 200, headers = {}, xml, stream }: S3Answer,
  response: WireResponse,
  requestId: string,
): Promise<void> {
  const head = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, ...headers }
  if (stream) {
    try {
      response.writeHead(status, head)
    } catch (fault) {
      stream.destroy()
      throw fault
    }
    // A client that goes away closes the file with it; there is nobody left to tell.
    await pipeline(stream, response).catch(() => response.destroy())
    return
  }
  const body = xml === undefined ? undefined : Buffer.from(xml)
  const framing: Record<string, string | number> = body
    ? { 'content-type': 'application/xml', 'content-length': body.length }
    : status === 204 || method === 'HEAD'
      ? {}
      : { 'content-length': 0 }
  response.writeHead(status, { ...head, ...framing })
  response.end(body)
}

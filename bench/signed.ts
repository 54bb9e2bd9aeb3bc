// Requests signed by the AWS SDK's own signer, once, as the bytes that go over the wire. Good for five minutes.
import { SignatureV4 } from '@smithy/signature-v4'
import { NodeSha256 } from '../conformance/node-sha256.fixture.ts'
import { type Platform, region } from './platform.ts'

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  service?: string
}

type Signing = Pick<Platform, 'url' | 'credentials'>

export async function signedHead({ url, credentials }: Signing, call: Call): Promise<{ url: string; headers: Record<string, string> }> {
  const { method, path, query = {}, headers = {}, body = '', service = 'bedrock-agentcore' } = call
  const signer = new SignatureV4({ credentials, region, service, sha256: NodeSha256, applyChecksum: true })
  const content: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  const request = { method, protocol: url.protocol, hostname: url.hostname, path, query, headers: { ...headers, ...content, host: url.host }, body }
  const signed = await signer.sign(request)
  const search = new URLSearchParams(query).toString()
  return { url: `${url.origin}${path}${search && `?${search}`}`, headers: signed.headers }
}

/** One HTTP/1.1 request as it goes over the wire. */
export async function signedBytes(to: Signing, call: Call): Promise<Buffer> {
  const { url, headers } = await signedHead(to, call)
  return bytesOf(call, url.slice(to.url.origin.length), headers)
}

/** The same with a token where the signature stands. */
export function bearerBytes({ url }: Pick<Signing, 'url'>, token: string, call: Call): Buffer {
  const { path, headers = {}, body = '' } = call
  const content = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  return bytesOf(call, path, { ...headers, ...content, host: url.host, authorization: `Bearer ${token}` })
}

function bytesOf(call: Call, target: string, headers: Record<string, string>): Buffer {
  const lines = Object.entries({ ...headers, 'user-agent': 'aws-sdk-js/3 bench' }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${call.method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${call.body ?? ''}`)
}

// Requests signed by the AWS SDK's own signer, once, as the bytes that go over the wire. Good for five minutes.
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Platform, region } from './platform.ts'

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  service?: string
}

/** The SDK's signer takes its hashes by this interface. */
class Sha256 {
  readonly #sink
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#sink =
      secret === undefined ? createHash('sha256') : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array))
  }
  update(data: Uint8Array): void {
    this.#sink.update(data)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#sink.digest())
  }
  reset(): void {}
}

type Signing = Pick<Platform, 'url' | 'credentials'>

export async function signedHead({ url, credentials }: Signing, call: Call): Promise<{ url: string; headers: Record<string, string> }> {
  const { method, path, query = {}, headers = {}, body = '', service = 'bedrock-agentcore' } = call
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: true })
  const content: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  const request = { method, protocol: url.protocol, hostname: url.hostname, path, query, headers: { ...headers, ...content, host: url.host }, body }
  const signed = await signer.sign(request)
  const search = new URLSearchParams(query).toString()
  return { url: `${url.origin}${path}${search && `?${search}`}`, headers: signed.headers }
}

/** One HTTP/1.1 request as it goes over the wire. */
export async function signedBytes(to: Signing, call: Call): Promise<Buffer> {
  const { url, headers } = await signedHead(to, call)
  const lines = Object.entries({ ...headers, 'user-agent': 'aws-sdk-js/3 bench' }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${call.method} ${url.slice(to.url.origin.length)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${call.body ?? ''}`)
}

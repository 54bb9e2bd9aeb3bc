// Stock clients of a WebSocket: the `ws` library, signed by the SDK's signer.
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { HttpRequest } from '@smithy/core/protocols'
import { type ClientOptions, WebSocket } from 'ws'
import { requestSigner } from '#wire/signed-request.fixture.js'

export interface Dial {
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Signed in place of the Host that is sent. */
  signedHost?: string
  sentHost?: string
  presignedFor?: number
  subprotocols?: string[]
  options?: ClientOptions
  signed?: boolean
}

export const runtimeArn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/echo-0123456789'
const runtimePath = `/runtimes/${encodeURIComponent(runtimeArn)}/ws`

/** Signed as the official clients do it: method GET, the path as it is sent, no body. */
export async function dial(port: number, given: Dial = {}): Promise<WebSocket> {
  const { path = runtimePath, query = {}, headers = {}, presignedFor, subprotocols = [], options, signed = true } = given
  const { sentHost = `127.0.0.1:${port}`, signedHost = sentHost } = given
  const signer = requestSigner('bedrock-agentcore', { sendHash: presignedFor === undefined })
  const plain = new HttpRequest({
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    path,
    query,
    headers: { ...headers, host: signedHost },
  })
  const outcome = !signed ? plain : presignedFor === undefined ? await signer.sign(plain) : await signer.presign(plain, { expiresIn: presignedFor })
  const search = new URLSearchParams(outcome.query as Record<string, string>).toString().replaceAll('+', '%20')
  const sent = { ...outcome.headers, host: sentHost }
  return new WebSocket(`ws://127.0.0.1:${port}${path}${search && `?${search}`}`, subprotocols, { headers: sent, ...options })
}

export async function opened(socket: WebSocket): Promise<IncomingMessage> {
  const upgraded = once(socket, 'upgrade')
  await once(socket, 'open')
  return (await upgraded)[0]
}

export async function refusal(socket: WebSocket): Promise<{ status: number; type: string; message: string; requestId: string }> {
  const [, response]: [ClientRequest, IncomingMessage] = (await once(socket, 'unexpected-response')) as never
  const { message } = JSON.parse(await text(response))
  const { 'x-amzn-errortype': type, 'x-amzn-requestid': requestId } = response.headers
  return { status: response.statusCode ?? 0, type: String(type), message, requestId: String(requestId) }
}

export async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, 'close')
  return { code, reason: String(reason) }
}

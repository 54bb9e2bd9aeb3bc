// Opening an agent's WebSocket by the stock library, signed by the SDK's signer.
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { WebSocket } from 'ws'
import { NodeSha256 } from './node-sha256.fixture.ts'
import { type RunningPlatform, region } from './platform.fixture.ts'

export interface Dial {
  headers?: Record<string, string>
  query?: Record<string, string>
  /** Seconds: the signature goes into the query. */
  presignedFor?: number
  subprotocols?: string[]
}

export async function dial({ url, credentials }: RunningPlatform, agentRuntimeArn: string, given: Dial = {}): Promise<WebSocket> {
  const { headers = {}, query = {}, presignedFor, subprotocols = [] } = given
  const { host, hostname, port } = new URL(url)
  const path = `/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws`
  const signer = new SignatureV4({ service: 'bedrock-agentcore', region, credentials, sha256: NodeSha256 as never })
  const plain = new HttpRequest({ protocol: 'http:', method: 'GET', hostname, port: Number(port), path, query, headers: { host, ...headers } })
  const signed = presignedFor === undefined ? await signer.sign(plain) : await signer.presign(plain, { expiresIn: presignedFor })
  const search = new URLSearchParams(signed.query as Record<string, string>).toString().replaceAll('+', '%20')
  return new WebSocket(`ws://${host}${path}${search && `?${search}`}`, subprotocols, { headers: signed.headers })
}

/** The head of the answer that made it a WebSocket. */
export async function opened(socket: WebSocket): Promise<IncomingMessage> {
  const upgraded = once(socket, 'upgrade')
  await once(socket, 'open')
  return (await upgraded)[0]
}

export async function ask(socket: WebSocket, message: string): Promise<string> {
  socket.send(message)
  return String((await once(socket, 'message'))[0])
}

export async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, 'close')
  return { code, reason: String(reason) }
}

export async function refusal(socket: WebSocket): Promise<{ status: number; type: string; message: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [ClientRequest, IncomingMessage]
  const { message } = JSON.parse(await text(response))
  return { status: response.statusCode ?? 0, type: String(response.headers['x-amzn-errortype']), message }
}

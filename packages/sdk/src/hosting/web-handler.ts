// A web-standard handler (Request in, Response out) behind a request of node.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { getContext } from '#runtime/context.js'
import { passOn } from '#runtime/invocation.js'

export type FetchHandler = (request: Request) => Promise<Response>

export async function answerBy(fetch: FetchHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct)) for (const one of value ?? []) headers.append(name, one)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  // duplex is what lets a body be a stream; the type of RequestInit does not know it.
  const init = { method: request.method, headers, signal: getContext()?.signal, duplex: 'half', body: hasBody ? Readable.toWeb(request) : undefined }
  await passOn(await fetch(new Request(`http://${request.headers.host ?? 'localhost'}${request.url}`, init as RequestInit)), response)
}

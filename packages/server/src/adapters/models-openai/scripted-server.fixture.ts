// A real HTTP server on loopback that answers each request by the next line of a script and remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Asked {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export type Answer = (response: ServerResponse) => unknown

export interface ScriptedServer {
  url: string
  asked: Asked[]
  /** Connections whose client went away before the answer was whole. */
  abandoned: number
  close(): Promise<void>
}

export async function scriptedServer(...script: Answer[]): Promise<ScriptedServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    scripted.asked.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString() || '{}'),
    })
    response.on('close', () => {
      if (!response.writableFinished) scripted.abandoned += 1
    })
    const answer = script.shift()
    if (answer) answer(response)
    else response.writeHead(500).end('the script is over')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const scripted: ScriptedServer = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    abandoned: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return scripted
}

/** Each piece is written when the one before was flushed; a string stands as it is, anything else is JSON. */
export const events =
  (...pieces: { event?: string; data: unknown }[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const { event, data } of pieces)
      response.write(`${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
    response.end()
  }

export const failure =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))

export const silence: Answer = () => undefined

// The few calls of the Docker Engine API that sandboxes need, over its unix socket.
// https://docs.docker.com/reference/api/engine/version/v1.40/ - Podman answers the same paths.
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { json, text } from 'node:stream/consumers'

/** Docker 19.03 and Podman 4 know it, and everything newer. */
const version = '/v1.40'
const answerMs = 60_000

/** The engine answered with an error: `status` as it gave it. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface EngineCall {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  query?: Readonly<Record<string, string>>
  body?: object
  /** Instead of a body: an archive. */
  tar?: Buffer
  /** For calls that answer when something has happened. */
  waits?: boolean
}

export interface Engine {
  /** The answer's JSON. Rejects with EngineRefusal, or with what kept the engine from answering. */
  call<Answer>(call: EngineCall): Promise<Answer>
  /** Takes over the connection: output of a container as the engine frames it. */
  upgrade(path: string, query: Readonly<Record<string, string>>, body?: object): Promise<Socket>
}

export function engineAt(socketPath: string): Engine {
  return {
    async call<Answer>({ method, path, query, body, tar, waits }: EngineCall): Promise<Answer> {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      const payload = tar ?? (body && Buffer.from(JSON.stringify(body)))
      const headers = payload && { 'content-type': tar ? 'application/x-tar' : 'application/json', 'content-length': payload.length }
      const request = httpRequest({ socketPath, method, path: pathOf(path, query), agent: false, headers: { host: 'docker', ...headers } })
      const late = waits ? undefined : setTimeout(() => request.destroy(new Error(`the engine did not answer within ${answerMs / 1000} s`)), answerMs)
      request.once('response', resolve)
      request.once('error', reject)
      request.end(payload)
      try {
        const response = await promise
        if ((response.statusCode ?? 0) >= 400) throw await refusalOf(response)
        return (response.headers['content-type']?.startsWith('application/json') ? await json(response) : await text(response)) as Answer
      } finally {
        clearTimeout(late)
      }
    },

    upgrade(path, query, body) {
      const payload = body && Buffer.from(JSON.stringify(body))
      const { promise, resolve, reject } = Promise.withResolvers<Socket>()
      const request = httpRequest({
        socketPath,
        method: 'POST',
        path: pathOf(path, query),
        agent: false,
        headers: {
          host: 'docker',
          connection: 'Upgrade',
          upgrade: 'tcp',
          'content-type': 'application/json',
          'content-length': payload?.length ?? 0,
        },
      })
      request.once('upgrade', (_response, socket: Socket, head: Buffer) => {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
      })
      request.once('response', (response) => void refusalOf(response).then(reject, reject))
      request.once('error', reject)
      request.end(payload)
      return promise
    },
  }
}

function pathOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString()
  return `${version}${path}${search && `?${search}`}`
}

async function refusalOf(response: IncomingMessage): Promise<EngineRefusal> {
  const said = await text(response)
  return new EngineRefusal(response.statusCode ?? 0, messageIn(said) ?? said.trim())
}

function messageIn(said: string): string | undefined {
  try {
    return (JSON.parse(said) as { message?: string }).message
  } catch {
    return undefined
  }
}

// The application's own return URL, for one flow: a page on loopback that says that the window may be closed.
import { createServer } from 'node:http'
import { Failure } from './failure.js'

export interface ReturnListener {
  url: string
  /** The address by which the browser came back. */
  visited(ended: AbortSignal): Promise<URL>
  close(): Promise<void>
}

/** On the first of the addresses that is this machine's own. */
export async function returnListener(allowed: readonly string[]): Promise<ReturnListener> {
  const url = allowed.find(
    (one) => URL.canParse(one) && new URL(one).protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(new URL(one).hostname),
  )
  if (url === undefined) {
    throw new Failure('the workload identity has no return URL on this machine', {
      why: allowed.length > 0 ? `it has ${allowed.join(', ')}` : 'it has none at all',
      fix: 'agentworks identity provider setup makes one; or add http://127.0.0.1:4691/return to its allowedResourceOauth2ReturnUrls',
    })
  }
  const { hostname, port, pathname } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<URL>()
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', url)
    if (asked.pathname !== pathname) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', connection: 'close' })
    response.end('<!doctype html><title>agentworks</title><p>Thank you. You can close this window and go back to the terminal.</p>')
    resolve(asked)
  })
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(Number(port || 80), hostname, listening))
  return {
    url,
    visited(ended) {
      const stopped = new Promise<never>((_resolve, reject) => {
        const end = () =>
          reject(new Failure('nobody came back from the page', { why: 'ten minutes passed, or the command was stopped', fix: 'try again' }))
        if (ended.aborted) end()
        ended.addEventListener('abort', end, { once: true })
      })
      return Promise.race([promise, stopped])
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}

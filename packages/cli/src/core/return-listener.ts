// The application's own return URL, for one flow: a page on loopback that says that the window may be closed.
import { createServer } from 'node:http'
import { Failure } from './failure.js'

export interface ReturnListener {
  url: string
  /** The address by which the browser came back from this flow; another's, which any page could send here, is turned away. */
  visited(sessionUri: string, ended: AbortSignal): Promise<URL>
  close(): Promise<void>
}

const thanks = 'Thank you. You can close this window and go back to the terminal.'
const notOurs = 'This belongs to no sign-in that the terminal waits for. Start again there.'

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
  let expected: string | undefined
  const server = createServer((request, response) => {
    const asked = URL.parse(request.url ?? '/', url)
    if (asked?.pathname !== pathname) return void response.writeHead(404).end()
    const isOurs = expected !== undefined && asked.searchParams.get('session_id') === expected
    response.writeHead(isOurs ? 200 : 400, { 'content-type': 'text/html; charset=utf-8', connection: 'close' })
    response.end(`<!doctype html><title>agentworks</title><p>${isOurs ? thanks : notOurs}</p>`)
    if (isOurs) resolve(asked)
  })
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(Number(port || 80), hostname, listening))
  return {
    url,
    visited(sessionUri, ended) {
      expected = sessionUri
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

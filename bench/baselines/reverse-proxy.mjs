// Baseline: a bare node:http reverse proxy to one agent's unix socket. It checks nothing.
import { Agent, createServer, request as httpRequest } from 'node:http'

const [socketPath = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })

const server = createServer((request, response) => {
  const { method, headers } = request
  const upstream = httpRequest({ agent, socketPath, method, path: '/invocations', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  upstream.on('error', () => response.writeHead(502).end())
  request.pipe(upstream)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') console.log(`ready on http://127.0.0.1:${address.port}`)
})

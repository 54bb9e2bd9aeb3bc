// Baseline: a bare node:http server that answers with JSON. A GET gets what the platform answers to it (argv), a POST its own body.
import { createServer } from 'node:http'

const answer = JSON.parse(process.argv[2] ?? '{}')

const server = createServer((request, response) => {
  if (request.method === 'GET') return respond(answer)
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => respond(JSON.parse(Buffer.concat(pieces).toString())))

  function respond(value) {
    const body = JSON.stringify(value)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  }
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address !== 'string') console.log(`ready on http://127.0.0.1:${address.port}`)
})

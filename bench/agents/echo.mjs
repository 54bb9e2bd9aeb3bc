// A minimal agent: answers its own request.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.method === 'GET') return response.end('{"status":"Healthy"}')
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    const body = Buffer.concat(pieces)
    response.setHeader('content-length', body.length)
    response.end(body)
  })
}).listen(process.env.AGENT_SOCKET ?? 8080)

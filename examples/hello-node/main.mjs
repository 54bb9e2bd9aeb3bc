// The smallest agent: plain node:http, nothing installed. The runtime calls POST /invocations and GET /ping on port 8080.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

let count = 0

createServer(async (request, response) => {
  if (request.method === 'GET' && request.url === '/ping') return answer(response, 200, { status: 'Healthy' })
  if (request.method !== 'POST' || request.url !== '/invocations') return answer(response, 404, { error: 'not found' })
  try {
    const { prompt } = await json(request)
    // Every session has a process of its own, so this counts the calls of one session.
    count += 1
    answer(response, 200, { response: `Hello! You said: ${prompt}`, count })
  } catch {
    answer(response, 400, { error: 'send JSON, for example {"prompt": "Hello!"}' })
  }
}).listen(8080, '0.0.0.0', () => console.log('hello-node listens on 8080'))

process.on('SIGTERM', () => process.exit(0))

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

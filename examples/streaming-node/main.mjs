// Answers word by word as server-sent events: every client that reads the stream sees the words arrive apart.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

createServer(async (request, response) => {
  if (request.url === '/ping') return response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"Healthy"}')
  const payload = await json(request).catch(() => undefined)
  if (typeof payload?.prompt !== 'string') {
    return response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"send {\\"prompt\\": \\"Hello!\\"}"}')
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  for (const word of payload.prompt.split(/\s+/).filter(Boolean)) {
    if (response.destroyed) return
    response.write(`data: ${JSON.stringify({ text: `${word} ` })}\n\n`)
    await pause(100)
  }
  response.end()
}).listen(8080, '0.0.0.0', () => console.log('streaming-node listens on 8080'))

process.on('SIGTERM', () => process.exit(0))

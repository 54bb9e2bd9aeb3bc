// An agent of streams: sends as many pieces or bytes as it is asked for, and counts what it is sent.
import { createServer } from 'node:http'

const block = Buffer.alloc(64 * 1024, 'x')

createServer(async (request, response) => {
  if (request.method === 'GET') return response.setHeader('content-type', 'application/json').end('{"status":"Healthy"}')
  let received = 0
  let head = ''
  for await (const piece of request) {
    if (received === 0) head = piece.toString('latin1', 0, 200)
    received += piece.length
  }
  const asked = received < 200 ? JSON.parse(head) : {}
  if (asked.pieces) {
    response.setHeader('content-type', 'text/event-stream')
    for (let n = 0; n < asked.pieces; n += 1) await sent(response, `data: {"piece":${n}}\n\n`)
  } else if (asked.bytes) {
    response.setHeader('content-type', 'application/octet-stream')
    for (let left = asked.bytes; left > 0; left -= block.length) await sent(response, left < block.length ? block.subarray(0, left) : block)
  } else {
    response.setHeader('content-type', 'application/json')
    response.write(JSON.stringify({ received }))
  }
  response.end()
}).listen(process.env.AGENT_SOCKET ?? 8080)

function sent(response, bytes) {
  if (!response.write(bytes)) return new Promise((resolve) => response.once('drain', resolve))
}

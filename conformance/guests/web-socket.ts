// An agent with a WebSocket, on the `ws` library and nothing else.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((request, response) => {
  request.resume()
  response.end(JSON.stringify(request.url === '/ping' ? { status: 'Healthy', time_of_last_update: 1 } : { pid: process.pid }))
})
new WebSocketServer({ server, path: '/ws' }).on('connection', (socket, request) => {
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : String(data)
    if (text === 'request') return socket.send(JSON.stringify({ headers: request.headers, pid: process.pid }))
    if (text === 'fail') return socket.terminate()
    if (text === 'close') return socket.close(4_100, 'as asked')
    socket.send(data, { binary: isBinary })
  })
})
server.listen(8080)

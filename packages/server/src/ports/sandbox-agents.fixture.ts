// Programs that the sandbox's contract runs: ordinary servers on port 8080 that know nothing of us.

export const nodeAgent = `
const http = require('node:http')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
console.log('agent says hello')
console.error('agent complains')
http.createServer((request, response) => {
  if (request.url === '/env') return response.end(JSON.stringify(process.env))
  if (request.url === '/peer') return response.end(JSON.stringify([request.socket.remoteAddress, server.address().port]))
  if (request.url === '/write') { try { fs.writeFileSync('extra', ''); return response.end('written') } catch (error) { return response.end(error.code) } }
  if (request.url === '/places') { for (const dir of [process.env.HOME, require('node:os').tmpdir()]) fs.writeFileSync(dir + '/mine', ''); return response.end(process.cwd()) }
  if (request.url === '/platform') return http.get(process.env.AWS_ENDPOINT_URL, (answer) => answer.pipe(response))
  if (request.url === '/child-platform') return execFile(process.execPath, ['-e', 'fetch(process.env.AWS_ENDPOINT_URL).then(r=>r.text()).then(console.log)'], { env: { AWS_ENDPOINT_URL: process.env.AWS_ENDPOINT_URL } }, (error, out) => response.end(error ? String(error) : out.trim()))
  if (request.url === '/crash') process.exit(3)
  if (request.url === '/sse') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: one\\n\\n')
    return request.on('data', () => response.end('data: two\\n\\n'))
  }
  request.pipe(response)
}).listen(8080)
const server = { address: () => ({ port: 8080 }) }
`

export const pythonAgent = `
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
print("agent says hello")
print("agent complains", file=sys.stderr)
class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == "/env": body = json.dumps(dict(os.environ))
        elif self.path == "/peer": body = json.dumps([self.client_address[0], self.server.server_address[1]])
        elif self.path == "/platform":
            import urllib.request
            body = urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"]).read().decode()
        else: body = os.getcwd()
        self.answer(body.encode())
    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"])))
    def answer(self, body):
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
ThreadingHTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
`

export const asyncioAgent = `
import asyncio
async def serve(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    body = repr(writer.get_extra_info("peername")).encode()
    writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 8080)
    await server.serve_forever()
asyncio.run(main())
`

export const stubbornAgent = `
const { spawn } = require('node:child_process')
process.on('SIGTERM', () => console.log('heard SIGTERM'))
const child = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child up')"
spawn(process.execPath, ['-e', child], { stdio: 'inherit' })
spawn(process.execPath, ['-e', child], { stdio: 'inherit', detached: true })
require('node:http').createServer((q, s) => s.end('ok')).listen(8080)
`

// The promises of the sandbox port, as tests. Each adapter runs them; an exception is named with its reason.
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Interpreter } from './interpreters.js'
import type { Instance, InstancePlace, InstanceSpec, Sandbox } from './sandbox.js'

export interface SandboxContract {
  open(runtimeDir: string): Sandbox
  node: Interpreter | undefined
  python: Interpreter | undefined
  /** Promise by title -> why this level cannot keep it. */
  exceptions?: Readonly<Record<string, string>>
  /** Variables that the level adds to the ones given. */
  addedVariables(language: 'node' | 'python'): string[]
}

const nodeAgent = `
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

const pythonAgent = `
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

const asyncioAgent = `
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

const stubbornAgent = `
const { spawn } = require('node:child_process')
process.on('SIGTERM', () => console.log('heard SIGTERM'))
const child = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('child up')"
spawn(process.execPath, ['-e', child], { stdio: 'inherit' })
spawn(process.execPath, ['-e', child], { stdio: 'inherit', detached: true })
require('node:http').createServer((q, s) => s.end('ok')).listen(8080)
`

export function sandboxContract(contract: SandboxContract): void {
  const titled = (title: string, ready: boolean, work: () => Promise<void>) => {
    const reason = contract.exceptions?.[title] ?? (ready ? undefined : 'the interpreter is missing on this host')
    if (reason === undefined) return it(title, work)
    return it(title, ({ skip }) => skip(reason))
  }
  const promise = (title: string, work: (f: Fixture) => Promise<void>) => titled(title, contract.node !== undefined, () => work(fixture))
  const pythonPromise = (title: string, work: (f: Fixture) => Promise<void>) => titled(title, contract.python !== undefined, () => work(fixture))
  let fixture: Fixture

  beforeAll(async () => {
    fixture = await makeFixture(contract)
  })
  afterAll(() => fixture.end())

  describe('a Node agent', () => {
    promise('is reached over the socket, unmodified, on its own port', async ({ startNode }) => {
      const { socketPath, output } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/echo', 'said')).toBe('said')
      expect(JSON.parse(await ask(socketPath, '/peer'))).toEqual(['127.0.0.1', 8080])
      expect(output).toContainEqual(['stdout', 'agent says hello'])
      expect(output).toContainEqual(['stderr', 'agent complains'])
    })

    promise('is found whichever host form it listens on', async ({ startNode }) => {
      for (const form of ['8080, "127.0.0.1"', '"8080"', '{ port: 8080, host: "localhost" }', '8080, "::1"', '8080, "0.0.0.0", 16']) {
        const { socketPath, instance } = await startNode(
          `require('node:http').createServer((q, s) => s.end('here')).listen(${form}, () => console.log('up'))`,
        )
        expect(await ask(socketPath, '/'), form).toBe('here')
        await instance.stop(100)
      }
    })

    promise('streams pieces as they come', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      const request = http.request({ socketPath, path: '/sse', method: 'POST' })
      request.flushHeaders()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const [first] = (await once(response, 'data')) as [Buffer]
      expect(first.toString()).toBe('data: one\n\n')
      // The agent holds the second piece back until it is asked: the first cannot have waited for it.
      request.end('more')
      expect(await text(response)).toBe('data: two\n\n')
    })

    promise('takes and gives bodies of 10 MB', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      const body = Buffer.alloc(10 << 20, 'abcdefg')
      const answer = await send(socketPath, '/echo', body)
      expect((await buffer(answer)).equals(body)).toBe(true)
    })

    promise('gets exactly the environment that was given', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent, { COLOUR: 'blue = "red"\n$HOME', EMPTY: '' })
      const { AWS_ENDPOINT_URL, ...env } = JSON.parse(await ask(socketPath, '/env'))
      expect(env).toMatchObject({ COLOUR: 'blue = "red"\n$HOME', EMPTY: '' })
      expect(Object.keys(env).sort()).toEqual(['COLOUR', 'EMPTY', ...contract.addedVariables('node')].sort())
    })

    promise('cannot change its code', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/write')).toBe('EROFS')
    })

    promise('has a home and a temporary folder to write', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/places')).toMatch(/^\//)
    })

    promise('reaches the platform at its endpoint, and so do its children', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/platform')).toBe('the platform')
      await until(async () => (await ask(socketPath, '/child-platform')) === 'the platform')
    })

    promise('may be an ES module, be given options for Node, and use fetch', async ({ startNode }) => {
      const { socketPath } = await startNode(
        `import('node:http').then(({ default: http }) => http.createServer(async (q, s) =>
          s.end(process.title + ' ' + await (await fetch(process.env.AWS_ENDPOINT_URL)).text())).listen(8080))`,
        { NODE_OPTIONS: '--title=chosen' },
      )
      expect(await ask(socketPath, '/')).toBe('chosen the platform')
    })

    promise('hears that its caller has gone away', async ({ startNode }) => {
      const { socketPath, output } = await startNode(`
        require('node:http').createServer((q, s) => { s.write('begun'); s.on('close', () => console.log('closed', s.writableFinished)) }).listen(8080)`)
      const response = await send(socketPath, '/')
      await once(response, 'data')
      response.destroy()
      await until(async () => output.some(([, line]) => line === 'closed false'))
    })

    promise('listens side by side with another on the same port', async ({ startNode }) => {
      const agents = await Promise.all(
        ['a', 'b'].map((name) => startNode(`require('node:http').createServer((q, s) => s.end('${name}')).listen(8080)`)),
      )
      expect(await Promise.all(agents.map(({ socketPath }) => ask(socketPath, '/')))).toEqual(['a', 'b'])
    })

    promise('is found again after it has closed its server and opened a new one', async ({ startNode }) => {
      const { instance, socketPath } = await startNode(`
        const http = require('node:http')
        const first = http.createServer((q, s) => { s.end('first'); first.close(() => http.createServer((q, s) => s.end('second')).listen(8080)); first.closeAllConnections() })
        first.listen(8080)`)
      await ask(socketPath, '/').catch(() => {})
      await until(async () => (await ask((await instance.listening(AbortSignal.timeout(5000))).socketPath, '/').catch(() => '')) === 'second')
    })
  })

  describe('a Python agent', () => {
    pythonPromise('is reached over the socket, unmodified, on its own port', async ({ startPython }) => {
      const { socketPath, output } = await startPython(pythonAgent)
      expect(JSON.parse(await ask(socketPath, '/peer'))).toEqual(['127.0.0.1', 8080])
      expect(await ask(socketPath, '/', 'x'.repeat(10 << 20))).toHaveLength(10 << 20)
      expect(output).toContainEqual(['stdout', 'agent says hello'])
      const { AWS_ENDPOINT_URL, ...env } = JSON.parse(await ask(socketPath, '/env'))
      expect(Object.keys(env).sort()).toEqual(contract.addedVariables('python').sort())
    })

    pythonPromise('may be an asyncio server, and reaches the platform', async ({ startPython }) => {
      const { socketPath } = await startPython(asyncioAgent)
      expect(await ask(socketPath, '/')).toContain("('127.0.0.1', ")
      const plain = await startPython(pythonAgent)
      await until(async () => (await ask(plain.socketPath, '/platform').catch(() => '')) === 'the platform')
    })
  })

  describe('the end', () => {
    promise('of an agent before it listens is told at once, with what it said', async ({ launch }) => {
      const { instance, output } = await launch('node', "console.error('no such luck'); process.exit(7)")
      await expect(instance.listening(AbortSignal.timeout(5000))).rejects.toMatchObject({ name: 'PortError', port: 'sandbox', code: 'exited' })
      expect(output).toContainEqual(['stderr', 'no such luck'])
      expect(await instance.exited).toEqual({ code: 7, signal: null })
    })

    promise('of waiting comes with the reason of the signal', async ({ launch }) => {
      const { instance } = await launch('node', 'setInterval(() => {}, 1000)')
      await expect(instance.listening(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
      await instance.stop(100)
    })

    promise('by stop takes the children too, even deaf ones, and leaves no folder', async ({ startNode }) => {
      const { instance, place, output } = await startNode(stubbornAgent)
      await until(async () => output.filter(([, line]) => line === 'child up').length === 2)
      await Promise.all([instance.stop(200), instance.stop(200)])
      expect(output).toContainEqual(['stdout', 'heard SIGTERM'])
      expect(await processesNaming(place)).toEqual([])
      expect(await readdir(dirname(folderOf(place)))).not.toContain(place.instanceId)
    })

    promise('by stop is gentle first', async ({ startNode }) => {
      const { instance, output } = await startNode(`
        process.on('SIGTERM', () => { console.log('tidy'); process.exit(0) })
        require('node:http').createServer((q, s) => s.end()).listen(8080)`)
      await instance.stop(10_000)
      expect(output).toContainEqual(['stdout', 'tidy'])
      expect(await instance.exited).toEqual({ code: 0, signal: null })
    })

    promise('of a place that never started leaves nothing', async ({ sandbox }) => {
      const place = await sandbox.prepare('unused')
      await sandbox.discard(place)
      await sandbox.discard(place)
      expect(await readdir(dirname(folderOf(place)))).not.toContain('unused')
    })
  })

  promise('code that is missing is a refusal to start or an early exit, told as such', async ({ sandbox }) => {
    const place = await sandbox.prepare('nocode')
    const facts = { codeDir: '/nonexistent', language: 'node' as const, interpreter: contract.node?.path ?? '', args: ['agent.cjs'] }
    const started = sandbox.start({ place, ...facts, env: {}, port: 8080, onOutput: () => {} })
    await expect(started.then((instance) => instance.listening(AbortSignal.timeout(5000)))).rejects.toMatchObject({
      name: 'PortError',
      port: 'sandbox',
    })
    await sandbox.discard(place)
  })

  promise('an entry point that is missing ends with an exit, not with a hang', async ({ launch }) => {
    const { instance } = await launch('node', undefined)
    await expect(instance.listening(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'exited' })
  })

  promise('a flood of output neither ends the agent nor fills the memory', async ({ startNode }) => {
    const { socketPath, output, instance } = await startNode(`
      const line = 'x'.repeat(1000) + '\\n'
      for (let count = 0; count < 20000; count++) process.stdout.write(line)
      process.stdout.write('y'.repeat(200_000) + '\\n')
      require('node:http').createServer((q, s) => s.end('ok')).listen(8080)`)
    expect(await ask(socketPath, '/')).toBe('ok')
    await until(async () => output.some(([, line]) => line.includes('bytes of output dropped')))
    expect(Math.max(...output.map(([, line]) => line.length))).toBeLessThanOrEqual(65_536)
    await instance.stop(1000)
  })
}

type Output = ['stdout' | 'stderr', string][]

interface Launched {
  instance: Instance
  place: InstancePlace
  output: Output
}

interface Fixture {
  sandbox: Sandbox
  launch(language: 'node' | 'python', program: string | undefined, env?: Record<string, string>): Promise<Launched>
  startNode(program: string, env?: Record<string, string>): Promise<Launched & { socketPath: string }>
  startPython(program: string, env?: Record<string, string>): Promise<Launched & { socketPath: string }>
  end(): Promise<void>
}

async function makeFixture({ open, node, python }: SandboxContract): Promise<Fixture> {
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  const sandbox = open(join(dir, 'r'))
  await mkdir(join(dir, 'r'), { mode: 0o711 })
  // Others must get through to the runtime folder; what else lies here is closed by its own mode.
  await chmod(dir, 0o711)
  const instances: Instance[] = []
  const servers: http.Server[] = []
  const real = await platform({ host: '127.0.0.1', port: 0 })
  const address = real.address()
  servers.push(real)
  let count = 0

  const launch: Fixture['launch'] = async (language, program, env = {}) => {
    count += 1
    const id = `i${count}`
    const place = await sandbox.prepare(id)
    servers.push(await platform({ path: place.platformSocketPath }))
    const codeDir = join(dir, `code-${id}`)
    // As a platform with umask 077 unpacks it: nobody else's to read.
    await mkdir(codeDir, { mode: 0o700 })
    const file = language === 'node' ? 'agent.cjs' : 'agent.py'
    if (program !== undefined) await writeFile(join(codeDir, file), program, { mode: 0o600 })
    const output: Output = []
    const realUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const spec: InstanceSpec = {
      place,
      codeDir,
      language,
      interpreter: (language === 'node' ? node : python)?.path ?? '',
      args: [file],
      env: { ...env, AWS_ENDPOINT_URL: sandbox.platformUrl(realUrl) },
      port: 8080,
      onOutput: (stream, line) => output.push([stream, line]),
    }
    const instance = await sandbox.start(spec)
    instances.push(instance)
    return { instance, place, output }
  }

  const startListening = async (language: 'node' | 'python', program: string, env?: Record<string, string>) => {
    const launched = await launch(language, program, env)
    const { socketPath } = await launched.instance.listening(AbortSignal.timeout(10_000)).catch((error: Error) => {
      throw new Error(`${error.message}: ${launched.output.map(([, line]) => line).join('\n')}`)
    })
    return { ...launched, socketPath }
  }

  return {
    sandbox,
    launch,
    startNode: (program, env) => startListening('node', program, env),
    startPython: (program, env) => startListening('python', program, env),
    async end() {
      await Promise.all(instances.map((instance) => instance.stop(0)))
      for (const server of servers) server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function platform(where: { path: string } | { host: string; port: number }): Promise<http.Server> {
  const server = http.createServer((_request, response) => response.end('the platform')).listen(where)
  await once(server, 'listening')
  return server
}

async function send(socketPath: string, path: string, body?: string | Buffer): Promise<IncomingMessage> {
  const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const request = http.request({ socketPath, path, method: body === undefined ? 'GET' : 'POST', agent: false, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function ask(socketPath: string, path: string, body?: string): Promise<string> {
  return text(await send(socketPath, path, body))
}

function folderOf(place: InstancePlace): string {
  return dirname(dirname(place.platformSocketPath))
}

/** Processes whose command, environment or open folders still name the place. */
async function processesNaming(place: InstancePlace): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const named = await Promise.all(
    pids.map(async (pid) => {
      const facts = await Promise.all(['cmdline', 'environ', 'mountinfo'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')))
      return facts.some((fact) => fact.includes(`${folderOf(place)}/`)) ? pid : undefined
    }),
  )
  return named.filter((pid) => pid !== undefined)
}

export async function until(holds: () => Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('did not come true in time')
    await delay(10)
  }
}

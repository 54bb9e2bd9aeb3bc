import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAgent } from './index.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-agent-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const helloNode = join(import.meta.dirname, '../../../../examples/hello-node/main.mjs')

const onPort = `
import { createServer } from 'node:http'
import { spawn } from 'node:child_process'
const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
createServer((request, response) => {
  console.log('asked', request.method, request.url)
  if (request.url === '/ping') return response.end('{"status":"Healthy","time_of_last_update":1}')
  response.setHeader('content-type', 'application/json').end(JSON.stringify([process.pid, other.pid, process.env.LEVEL]))
}).listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(3))
`

it('starts a file on a free port, calls it, keeps what it writes, and ends all of it', async () => {
  await using agent = await startAgent(await file('agent.mjs', onPort), { env: { LEVEL: 'high' } })
  const [pid, other, level] = (await agent.invoke({ prompt: 'x' })) as [number, number, string]
  expect([pid, level]).toEqual([agent.pid, 'high'])
  expect(await agent.ping()).toEqual({ status: 'Healthy', time_of_last_update: 1 })
  expect(agent.logs()).toContain('asked POST /invocations')
  expect(await agent.stop()).toEqual({ code: 3, signal: null })
  for (const gone of [pid, other]) expect(isRunning(gone)).toBe(false)
})

/** A process that ended and that nobody waited for yet is still there by its id. */
function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

it('rejects with what the agent wrote when it ends before it is ready', async () => {
  const broken = await file('broken.mjs', `console.error('no model configured'); process.exit(4)`)
  await expect(startAgent(broken)).rejects.toThrow(/broken\.mjs ended with 4 before it was ready[\s\S]*no model configured/)
})

it('rejects when the agent never answers, and leaves nothing running', async () => {
  const silent = await file('silent.mjs', `console.log(process.pid); setInterval(() => {}, 1000)`)
  const failure: Error = await startAgent(silent, { readyMs: 500 }).then(
    () => expect.unreachable(),
    (error) => error,
  )
  expect(failure.message).toContain('did not answer GET /ping')
  expect(isRunning(Number(/^\d+$/m.exec(failure.message)?.[0]))).toBe(false)
})

it('says what is missing when nothing can run the file', async () => {
  await expect(startAgent('agent.rb')).rejects.toThrow('say by `command` what runs it')
  await expect(startAgent(helloNode, { command: ['no-such-program'] })).rejects.toThrow('no-such-program could not be started')
})

it('starts a Python agent that knows nothing of us', async (context) => {
  if (spawnSync('python3', ['--version']).status !== 0) return context.skip('python3 is not installed')
  const python = await file(
    'agent.py',
    `
import os, http.server, json
class Agent(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200); self.send_header("content-type", "application/json"); self.end_headers()
        self.wfile.write(json.dumps({"said": body["prompt"]}).encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Agent).serve_forever()
`,
  )
  await using agent = await startAgent(python)
  expect(await agent.invoke({ prompt: 'hello' })).toEqual({ said: 'hello' })
})

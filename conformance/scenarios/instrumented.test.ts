// entryPoint with opentelemetry-instrument. The real distribution is tried by npm run test:interop; here its start file is a witness.
import { CreateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { codeArtifact, createAgent, upload, zip } from '../agents.fixture.ts'
import { errorOf, invoke } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

let platform: RunningPlatform
let clients: Clients

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(() => removeDataDir(platform))

const agent = `
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        exporters = {name: value for name, value in os.environ.items() if name.endswith("_EXPORTER")}
        body = json.dumps({"instrumented": getattr(sys, "instrumented", False), "argv": sys.argv, "exporters": exporters}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

HTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
`
const folder = 'opentelemetry/instrumentation/auto_instrumentation'
const distribution = { [`${folder}/__init__.py`]: '', [`${folder}/sitecustomize.py`]: 'import sys\nsys.instrumented = True\n' }
const entryPoint = ['opentelemetry-instrument', 'main.py']
const runtime = 'PYTHON_3_11'

scenario('runtime.create.instrumented', 'js', async () => {
  const files = { 'main.py': agent, ...distribution }
  const { agentRuntimeArn, status } = await createAgent(clients, { name: 'instrumented', files, runtime, entryPoint })
  expect(status).toBe('READY')
  const none = { OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'none' }
  expect((await invoke(clients, agentRuntimeArn, {})).body).toEqual({ instrumented: true, argv: ['main.py'], exporters: none })
  // Whoever names a collector has the exporters' own defaults.
  const environmentVariables = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_LOGS_EXPORTER: 'console' }
  const sending = await createAgent(clients, { name: 'sending', files, runtime, entryPoint, environmentVariables })
  expect((await invoke(clients, sending.agentRuntimeArn, {})).body.exporters).toEqual({ OTEL_LOGS_EXPORTER: 'console' })

  const bare = await createAgent(clients, { name: 'bare', files: { 'main.py': agent }, runtime, entryPoint })
  expect(bare).toMatchObject({ status: 'CREATE_FAILED', failureReason: expect.stringMatching(/Add aws-opentelemetry-distro/) })
  const lost = await createAgent(clients, { name: 'lost', files, runtime, entryPoint: ['opentelemetry-instrument', 'other.py'] })
  expect(lost).toMatchObject({ status: 'CREATE_FAILED', failureReason: expect.stringMatching(/no file other\.py/) })

  await upload(clients, 'node.zip', await zip({ 'main.js': '' }))
  const create = (artifact: ReturnType<typeof codeArtifact>) =>
    errorOf(clients.control.send(new CreateAgentRuntimeCommand({ agentRuntimeName: 'refused', agentRuntimeArtifact: artifact, roleArn })))
  const node = await create(codeArtifact('node.zip', 'NODE_22', ['opentelemetry-instrument', 'main.js']))
  expect(node).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(/starts Python, not NODE_22/) })
  const alone = await create(codeArtifact('node.zip', runtime, ['opentelemetry-instrument']))
  expect(alone).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(/entryPoint\[1\]/) })
})

// Clients that know AWS's hosts only, inside sessions: their names, port 443 and trust lead to the platform, without `start --tls`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkConfiguration } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect, type TestContext } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const gateway = `any-gateway-0123456789.gateway.bedrock-agentcore.${region}.amazonaws.com`
const role = /^arn:aws:sts::000000000000:assumed-role\/AgentworksExecutionRole\//
let platform: RunningPlatform
let clients: Clients
let isolation: string

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  const noWayOut = { subnets: { [ids.subnets[0] ?? '']: [] }, securityGroups: { [ids.securityGroups[0] ?? '']: [] } }
  writeFileSync(join(platform.dataDir, 'vpc.json'), JSON.stringify(noWayOut))
  const answer = await fetch(`${platform.url}/_agentworks/about`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
  isolation = ((await answer.json()) as { isolation: string }).isolation
}, 60_000)
afterAll(() => removeDataDir(platform))

function skipWithoutWalls({ skip }: TestContext): void {
  if (isolation !== 'bubblewrap') skip(`sessions have a hosts file of their own at level bubblewrap only; here it is ${isolation}`)
}

/** Asks of an agent that is deployed for it. */
async function deployed(agent: Parameters<typeof createAgent>[1]) {
  const created = await createAgent(clients, agent)
  expect(created).toMatchObject({ status: 'READY' })
  const runtimeSessionId = session(agent.name)
  return async (wish: unknown) => (await invoke(clients, created.agentRuntimeArn, wish, { runtimeSessionId })).body
}

const ids = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] }
const configurations: NetworkConfiguration[] = [{ networkMode: 'PUBLIC' }, { networkMode: 'VPC', networkModeConfig: ids }]

for (const networkConfiguration of configurations) {
  const { networkMode } = networkConfiguration
  scenario('tls.inside', 'js', async (context) => {
    skipWithoutWalls(context)
    const ask = await deployed({ name: `node_${networkMode}`, files: { 'main.js': await bundled('fixed-hosts') }, networkConfiguration })
    expect(await ask({ do: 'told' })).toEqual({ value: 'http://127.0.0.1:4680' })
    expect(await ask({ do: 'whoami' })).toEqual({ value: expect.stringMatching(role) })
    expect(await ask({ do: 'converse' })).toEqual({ value: expect.stringMatching(/^\[offline model\]/) })
    expect(await ask({ do: 'listAgents' })).toMatchObject({ failed: { message: expect.stringContaining('bedrock-agentcore:ListAgentRuntimes') } })
    expect(await ask({ do: 'status', host: gateway })).toEqual({ value: 403 })
    // It has no preload, and finds the forwarder by the hosts file.
    expect(await ask({ do: 'statusInChild', host: `bedrock-agentcore.ap-south-1.amazonaws.com` })).toEqual({ value: '403' })
    // The platform's own key, which would be good outside.
    const foreign = await ask({ do: 'whoami', credentials: platform.credentials })
    expect(foreign).toMatchObject({ failed: { name: expect.stringMatching(/^AccessDenied/) } })
  })

  scenario('tls.inside', 'raw', async (context) => {
    skipWithoutWalls(context)
    const ask = await deployed({ name: `python_${networkMode}`, runtime: 'PYTHON_3_11', files: { 'main.py': pythonAgent }, networkConfiguration })
    expect(await ask({ host: `bedrock-agentcore-control.${region}.amazonaws.com` })).toEqual({ status: 403 })
    // Real buckets stay real: no name of theirs is the platform's.
    expect(await ask({ lookUp: 's3.us-east-1.amazonaws.com' })).not.toEqual({ address: '127.0.0.1' })
    const identity = await ask({ botocore: true })
    if (identity.missing) context.skip('botocore is not installed for python3.11 here; npm run test:interop brings it')
    expect(identity).toEqual({ arn: expect.stringMatching(role), said: expect.stringMatching(/^\[offline model\]/) })
  })
}

const pythonAgent = `
import http.client, json, os, socket, ssl
from http.server import BaseHTTPRequestHandler, HTTPServer

for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
    del os.environ[name]

def answer_to(wish):
    if "host" in wish:
        connection = http.client.HTTPSConnection(wish["host"], timeout=20)
        connection.request("GET", "/")
        return {"status": connection.getresponse().status}
    if "lookUp" in wish:
        try:
            return {"address": socket.gethostbyname(wish["lookUp"])}
        except OSError as error:
            return {"failed": str(error)}
    try:
        import botocore.session
    except ImportError:
        return {"missing": True}
    session = botocore.session.get_session()
    said = session.create_client("bedrock-runtime").converse(modelId="any.model", messages=[{"role": "user", "content": [{"text": "Hello"}]}])
    arn = session.create_client("sts", region_name="eu-central-1").get_caller_identity()["Arn"]
    return {"arn": arn, "said": said["output"]["message"]["content"][0]["text"]}

class Agent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"status": "Healthy"})

    def do_POST(self):
        wish = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        try:
            self.answer(answer_to(wish))
        except Exception as error:
            self.answer({"failed": repr(error)})

    def answer(self, value):
        text = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

HTTPServer(("0.0.0.0", 8080), Agent).serve_forever()
`

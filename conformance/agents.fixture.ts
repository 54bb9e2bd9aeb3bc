// Small agents for the scenarios, as zips in a bucket. Unmodified programs: they listen on 8080 and know nothing of us.
import {
  type AuthorizerConfiguration,
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  type NetworkConfiguration,
  type ServerProtocol,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { ZipFile } from 'yazl'
import { type Clients, roleArn } from './platform.fixture.ts'

export const bucket = 'conformance-agents'

/** Counts its invocations, streams when asked, fails when asked. */
export const nodeAgent = `
const http = require('node:http')
let count = 0
http.createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/ping') {
    response.writeHead(200, { 'content-type': 'application/json' })
    return response.end(JSON.stringify({ status: 'Healthy', time_of_last_update: 1 }))
  }
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    const text = Buffer.concat(pieces).toString()
    let input = {}
    try { input = JSON.parse(text) } catch {}
    count += 1
    if (input.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      let sent = 0
      const timer = setInterval(() => {
        sent += 1
        response.write('data: ' + JSON.stringify({ piece: sent }) + '\\n\\n')
        if (sent === input.stream) { clearInterval(timer); response.end() }
      }, 200)
      request.on('close', () => undefined)
      response.on('close', () => clearInterval(timer))
      return
    }
    if (input.half) { response.writeHead(200, { 'content-length': '100', 'content-type': 'text/plain' }); response.write('half'); return setTimeout(() => process.exit(3), 50) }
    if (input.exit) return process.exit(3)
    if (input.status) { response.writeHead(input.status, { 'content-type': 'application/json' }); return response.end('{"failed":true}') }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ version: process.env.AGENT_VERSION ?? '1', count, size: text.length, headers: request.headers, env: input.env ? process.env : undefined }))
  })
}).listen(8080)
`

export const pythonAgent = `
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

count = 0

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"status": "Healthy"})

    def do_POST(self):
        global count
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        count += 1
        self.answer({"count": count, "size": len(body)})

    def answer(self, value):
        text = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

HTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
`

/** Hands out the credentials of its session, for what another caller with that role may do. */
export const lender = `
require('node:http').createServer(async (request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env
  response.end(JSON.stringify(await (await fetch(url, { headers: { authorization } })).json()))
}).listen(8080)`

export async function zip(files: Record<string, string | Buffer>): Promise<Buffer> {
  const archive = new ZipFile()
  for (const [path, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), path, { mode: 0o100644 })
  archive.end()
  const pieces: Buffer[] = []
  for await (const piece of archive.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

export async function upload({ s3 }: Clients, key: string, body: Buffer): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error
  })
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
}

export interface NewAgent {
  name: string
  files?: Record<string, string | Buffer>
  runtime?: 'NODE_22' | 'PYTHON_3_11'
  entryPoint?: string[]
  environmentVariables?: Record<string, string>
  serverProtocol?: ServerProtocol
  requestHeaderAllowlist?: string[]
  networkConfiguration?: NetworkConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
}

/** Uploads, creates, and waits until the runtime is no longer CREATING. */
export async function createAgent(
  clients: Clients,
  agent: NewAgent,
): Promise<{ agentRuntimeId: string; agentRuntimeArn: string; status: string; failureReason?: string }> {
  const {
    name,
    files = { 'main.js': nodeAgent },
    runtime = 'NODE_22',
    entryPoint = [Object.keys(files)[0] ?? 'main.js'],
    environmentVariables,
    serverProtocol,
    requestHeaderAllowlist,
    authorizerConfiguration,
    networkConfiguration = { networkMode: 'PUBLIC' },
  } = agent
  const key = `${name}.zip`
  await upload(clients, key, await zip(files))
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: name,
      agentRuntimeArtifact: codeArtifact(key, runtime, entryPoint),
      roleArn,
      networkConfiguration,
      environmentVariables,
      authorizerConfiguration,
      protocolConfiguration: serverProtocol && { serverProtocol },
      ...(requestHeaderAllowlist && { requestHeaderConfiguration: { requestHeaderAllowlist } }),
    }),
  )
  const { status, failureReason } = await settled(clients, agentRuntimeId)
  return { agentRuntimeId, agentRuntimeArn, status, failureReason }
}

export function codeArtifact(key: string, runtime: 'NODE_22' | 'PYTHON_3_11' = 'NODE_22', entryPoint = ['main.js']) {
  return { codeConfiguration: { code: { s3: { bucket, prefix: key } }, runtime, entryPoint } }
}

/** Polls as a stock client does until the status stands; at most 30 s. */
export async function settled({ control }: Clients, agentRuntimeId: string): Promise<{ status: string; failureReason?: string; version?: string }> {
  const until = Date.now() + 30_000
  for (;;) {
    const { status = '', failureReason, agentRuntimeVersion } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    if (!['CREATING', 'UPDATING'].includes(status)) return { status, failureReason, version: agentRuntimeVersion }
    if (Date.now() > until) throw new Error(`${agentRuntimeId} is still ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

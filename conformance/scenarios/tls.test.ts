// Clients that know AWS's hosts only, on the platform's second port.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient, ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent } from '../agents.fixture.ts'
import { everyHostIs, tlsOf } from '../aws-hosts.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { invoke } from '../invoke.fixture.ts'
import { NodeSha256 } from '../node-sha256.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { ask, opened } from '../web-socket.fixture.ts'

const host = `bedrock-agentcore.${region}.amazonaws.com`
let platform: RunningPlatform
let clients: Clients
let agent: Agent
let arn: string

beforeAll(async () => {
  platform = await startPlatform(newDataDir(), {}, ['--tls'])
  clients = clientsOf(platform)
  agent = everyHostIs(tlsOf(platform), tlsOf(platform).authority?.path ?? '')
  const created = await createAgent(clients, { name: 'fixed_hosts', files: { 'main.js': await bundled('web-socket') } })
  expect(created).toMatchObject({ status: 'READY' })
  arn = created.agentRuntimeArn
}, 60_000)
afterAll(async () => {
  agent.destroy()
  await removeDataDir(platform)
})

scenario('tls.fixed-hosts', 'js', async () => {
  const config = { region, credentials: platform.credentials, requestHandler: { httpsAgent: agent } }
  const { agentRuntimes } = await new BedrockAgentCoreControlClient(config).send(new ListAgentRuntimesCommand())
  expect(agentRuntimes).toMatchObject([{ agentRuntimeName: 'fixed_hosts' }])
  expect(await new STSClient(config).send(new GetCallerIdentityCommand())).toMatchObject({ Account: '000000000000' })
  const answer = await invoke({ ...clients, data: new BedrockAgentCoreClient(config) }, arn, { prompt: 'hi' })
  expect(answer.statusCode).toBe(200)
})

it('has all of it in what `agentworks env --tls` prints', async () => {
  const printed = await typed(platform, ['env', '--tls'])
  expect(printed.stdout).toContain(`# 127.0.0.1 `)
  expect(printed.stdout).toContain(host)
  // As a shell takes it, and nothing else that would lead to the platform.
  const ask = `import('@aws-sdk/client-sts').then(({ STSClient, GetCallerIdentityCommand }) => new STSClient().send(new GetCallerIdentityCommand())).then(({ Account }) => console.log(Account, process.env.AWS_ENDPOINT_URL))`
  const child = spawnSync('/bin/sh', ['-c', `${printed.stdout}\nexec "${process.execPath}" -e "$ASK"`], {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, ASK: ask },
    encoding: 'utf8',
    timeout: 30_000,
  })
  expect(child.stderr).toBe('')
  expect(child.stdout).toMatch(/^000000000000 https:\/\//)
})

scenario('tls.presigned', 'raw', async () => {
  const signer = new SignatureV4({ service: 'bedrock-agentcore', region, credentials: platform.credentials, sha256: NodeSha256 as never })
  const path = `/runtimes/${encodeURIComponent(arn)}/ws`
  const signed = await signer.presign(new HttpRequest({ protocol: 'https:', method: 'GET', hostname: host, path, headers: { host } }), {
    expiresIn: 60,
  })
  const search = new URLSearchParams(signed.query as Record<string, string>).toString().replaceAll('+', '%20')
  const socket = new WebSocket(`wss://${host}${path}?${search}`, { agent })
  await opened(socket)
  expect(await ask(socket, 'grüße')).toBe('grüße')
  socket.terminate()
})

scenario('tls.own-certificate', 'js', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'aw-own-'))
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const subject = ['-subj', '/CN=agents.example.test', '-addext', 'subjectAltName=DNS:agents.example.test']
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  try {
    execFileSync('openssl', ['req', '-x509', ...newKey, '-out', cert, '-days', '2', ...subject], { stdio: 'ignore' })
  } catch {
    return context.skip('openssl, which makes the certificate, does not run here')
  }
  const own = await startPlatform(newDataDir(), {}, ['--tls-cert', cert, '--tls-key', key])
  try {
    const note = tlsOf(own)
    expect(note.authority).toBeUndefined()
    const there = everyHostIs(note, cert)
    const requestHandler = { httpsAgent: there }
    const sts = new STSClient({ endpoint: 'https://agents.example.test', region, credentials: own.credentials, requestHandler })
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({ Account: '000000000000' })
    there.destroy()
    expect(await own.stop()).toBe(0)
  } finally {
    await removeDataDir(own)
    rmSync(dir, { recursive: true })
  }
})

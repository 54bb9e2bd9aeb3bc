// A session lives for eight hours and its credentials for one: a stock client must not notice. Only the date is the test's.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient, CreateAgentRuntimeCommand, GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect, it, vi } from 'vitest'
import { ZipFile } from 'yazl'
import { type Platform, startPlatform } from './main.js'

/** So that a client asks now within its last minutes, now after them. */
const stepMs = 29 * 60_000
const region = 'us-east-1'
/** Busy for as long as it lives, and hands out what its environment says of credentials. */
const source = `require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"HealthyBusy"}')
  response.end(JSON.stringify({ token: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN }))
}).listen(8080)`

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  while (closing.length > 0) await closing.pop()?.()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

async function open(): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aw-hours-'))
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, AGENTWORKS_MODEL: 'offline', AGENTWORKS_LOG_LEVEL: 'error' }
  const platform = await startPlatform({ dataDir, host: '127.0.0.1', port: 0, env })
  closing.push(() => platform.stop())
  return platform
}

/** What the agent of a fresh session was given to fetch its credentials with. */
async function lentToken({ url, accessKey }: Platform): Promise<string> {
  const config = { endpoint: url, region, credentials: accessKey }
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'hours' }))
  await s3.send(new PutObjectCommand({ Bucket: 'hours', Key: 'busy.zip', Body: await zipOf(source) }))
  const control = new BedrockAgentCoreControlClient(config)
  const { agentRuntimeId, agentRuntimeArn } = await control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: 'busy',
      agentRuntimeArtifact: {
        codeConfiguration: { code: { s3: { bucket: 'hours', prefix: 'busy.zip' } }, runtime: 'NODE_22', entryPoint: ['main.js'] },
      },
      roleArn: 'arn:aws:iam::000000000000:role/R',
      networkConfiguration: { networkMode: 'PUBLIC' },
    }),
  )
  await vi.waitFor(async () => expect((await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))).status).toBe('READY'), 10_000)
  const { response } = await new BedrockAgentCoreClient(config).send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from('{}') }))
  return (JSON.parse((await response?.transformToString()) ?? '{}') as { token: string }).token
}

async function zipOf(text: string): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(text), 'main.js')
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

it('renews its credentials by itself, and loses them with the session', { timeout: 60_000 }, async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const platform = await open()
  const token = await lentToken(platform)
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${platform.url}/_session/credentials`)
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', token)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  const { credentials } = new STSClient({ region }).config
  // Node sends a Date header up to a second old, by which a client corrects its clock: each sees one date only.
  const inside = () => new STSClient({ endpoint: platform.url, region, credentials, maxAttempts: 1 })

  const keys = new Set<string>()
  for (let steps = 0; steps < 16; steps += 1) {
    expect((await inside().send(new GetCallerIdentityCommand({}))).Arn).toMatch(/assumed-role\/R\//)
    keys.add((await credentials()).accessKeyId)
    vi.setSystemTime(Date.now() + stepMs)
  }
  expect(keys.size).toBeGreaterThanOrEqual(7)

  vi.setSystemTime(Date.now() + stepMs)
  // The next ping finds the session at its maximum lifetime. Real time: pings come every two seconds.
  await vi.waitFor(async () => {
    const answer = await fetch(`${platform.url}/_agentworks/sessions`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
    expect(await answer.json()).toEqual([])
  }, 10_000)
  await expect(inside().send(new GetCallerIdentityCommand({}))).rejects.toThrow()
  expect((await fetch(`${platform.url}/_session/credentials`, { headers: { authorization: token } })).status).toBe(403)
})

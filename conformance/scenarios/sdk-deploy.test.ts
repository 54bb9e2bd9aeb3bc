// deployAgent of our SDK on a real platform: from a folder to the ARN of an agent that answers.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runtimeClient } from '@agentworks/sdk/client'
import { deployAgent, PackingFailed } from '@agentworks/sdk/deploy'
import { GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeAgent } from '../agents.fixture.ts'
import { clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'

let platform: RunningPlatform
let dir: string

beforeAll(async () => {
  platform = await startPlatform()
  dir = await mkdtemp(join(tmpdir(), 'aw-sdk-deploy-'))
  await writeFile(join(dir, 'main.js'), nodeAgent)
  await writeFile(join(dir, '.env'), 'KEY=secret')
}, 60_000)
afterAll(async () => {
  await rm(dir, { recursive: true })
  await removeDataDir(platform)
})

it('a folder becomes a READY agent, then its next version; what it is deployed as acts', async () => {
  const access = { endpoint: platform.url, region, credentials: platform.credentials }
  const states: string[] = []
  const leftOut: string[] = []
  const progress = {
    status: (status: string) => void states.push(status),
    packed: (made: { leftOut: string[] }) => void leftOut.push(...made.leftOut),
  }
  const first = await deployAgent({ ...access, name: 'deployed', code: dir, environment: { AGENT_VERSION: 'one' }, progress })
  expect(first).toMatchObject({
    agentRuntimeArn: expect.stringMatching(/:runtime\/deployed-/),
    agentRuntimeVersion: '1',
    status: 'READY',
    created: true,
  })
  expect([states.at(-1), leftOut]).toEqual(['READY', ['.env']])
  using client = runtimeClient(access)
  const ask = async () => (await client.invoke<{ version: string }>({ agentRuntimeArn: first.agentRuntimeArn, payload: {} })).value()
  expect(await ask()).toMatchObject({ version: 'one' })
  const second = await deployAgent({
    ...access,
    name: 'deployed',
    code: { dir, entryPoint: 'main.js' },
    environment: { AGENT_VERSION: 'two' },
    lifecycle: { idleRuntimeSessionTimeout: 60, maxLifetime: 600 },
    description: 'the second',
  })
  expect(second).toMatchObject({ agentRuntimeArn: first.agentRuntimeArn, agentRuntimeVersion: '2', created: false })
  expect(await ask()).toMatchObject({ version: 'two' })
  const { control } = clientsOf(platform)
  expect(await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: second.agentRuntimeId }))).toMatchObject({
    description: 'the second',
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 600 },
  })
})

it('says what is wrong with a folder, and with an image that is not there', async () => {
  const access = { endpoint: platform.url, region, credentials: platform.credentials }
  const missing = deployAgent({ ...access, name: 'missing', code: { dir, entryPoint: 'other.js' } })
  await expect(missing).rejects.toBeInstanceOf(PackingFailed)
  await expect(missing).rejects.toThrow(`the entry point other.js does not exist in ${dir}`)
  const containerUri = `000000000000.dkr.ecr.${region}.amazonaws.com/nowhere:1`
  await expect(deployAgent({ ...access, name: 'imageless', containerUri })).rejects.toThrow(/nowhere:1|Docker|container/i)
})

// kill -9 in the middle of work, again and again: what was acknowledged is there, nothing runs on, nothing is stuck.
import { readdirSync, readFileSync } from 'node:fs'
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateAgentRuntimeCommand, paginateListAgentRuntimes } from '@aws-sdk/client-bedrock-agentcore-control'
import { expect } from 'vitest'
import { codeArtifact, nodeAgent, settled, upload, zip } from '../agents.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const rounds = 20
const callsARound = 50
/** In the environment of every agent of this run, so that its processes can be found from outside. */
const mark = `agentworks-crash-${process.pid}-${Date.now()}`

scenario(
  'crash.survives',
  'js',
  async ({ onTestFinished }) => {
    const dataDir = newDataDir()
    onTestFinished(() => (platform ? removeDataDir(platform) : undefined))
    const acknowledged = new Map<string, string>()
    let platform: RunningPlatform | undefined
    let invoked = 0
    for (let round = 0; round < rounds; round += 1) {
      platform = await startPlatform(dataDir)
      const clients = quick(platform)
      if (round === 0) await upload(clients, 'crash.zip', await zip({ 'main.js': nodeAgent }))
      expect(running(), `round ${round}: no process of an earlier platform runs on`).toEqual([])
      const ready = await checkAcknowledged(clients, acknowledged)
      invoked += await killAmid({ platform, clients, round, ready }, acknowledged)
    }
    platform = await startPlatform(dataDir)
    const clients = clientsOf(platform)
    expect(running()).toEqual([])
    await checkAcknowledged(clients, acknowledged)
    expect(acknowledged.size).toBeGreaterThan(rounds)
    expect(invoked).toBeGreaterThan(rounds)
    for (const agentRuntimeId of acknowledged.keys()) expect((await settled(clients, agentRuntimeId)).status).toBe('READY')
    const names = new Set<string>()
    for await (const page of paginateListAgentRuntimes({ client: clients.control }, {})) {
      for (const { agentRuntimeName = '' } of page.agentRuntimes ?? []) {
        expect(names.has(agentRuntimeName), `${agentRuntimeName} is listed once`).toBe(false)
        names.add(agentRuntimeName)
      }
    }
  },
  300_000,
)

/** A client that is cut off should hear so, not retry into the next platform. */
function quick(platform: RunningPlatform): Clients {
  const clients = clientsOf(platform)
  clients.control.config.maxAttempts = () => Promise.resolve(1)
  clients.data.config.maxAttempts = () => Promise.resolve(1)
  return clients
}

interface Round {
  platform: RunningPlatform
  clients: Clients
  round: number
  ready: readonly string[]
}

/** Returns how many invocations were answered before the end. */
async function killAmid({ platform, clients, round, ready }: Round, acknowledged: Map<string, string>): Promise<number> {
  const invocations: Promise<boolean>[] = []
  const calls = Array.from({ length: callsARound }, (_, index) => {
    const arn = ready.at(-1 - (index % 3))
    if (index % 2 === 0 || arn === undefined) return create(clients, `r${round}_${index}`, acknowledged)
    const invocation = invoke(clients, arn)
    invocations.push(invocation.catch(() => false))
    return invocation
  })
  // Each round at another moment: by turns amid the creates, and later when some sandboxes answer and others start.
  const isLate = round % 2 === 1 && invocations.length > 0
  await (isLate ? answered(invocations, 1 + (round >> 2)) : answered(calls, 1 + round))
  await platform.kill()
  await Promise.allSettled(calls)
  return (await Promise.all(invocations)).filter(Boolean).length
}

async function create(clients: Clients, agentRuntimeName: string, acknowledged: Map<string, string>): Promise<void> {
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName,
      agentRuntimeArtifact: codeArtifact('crash.zip'),
      roleArn,
      environmentVariables: { MARK: mark },
    }),
  )
  acknowledged.set(agentRuntimeId, agentRuntimeArn)
}

async function invoke(clients: Clients, agentRuntimeArn: string): Promise<boolean> {
  const { response } = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from('{}') }))
  await response?.transformToString()
  return true
}

/** Resolves once so many of them are settled. */
function answered(calls: readonly Promise<unknown>[], wanted: number): Promise<void> {
  return new Promise((resolve) => {
    let settledCalls = 0
    const count = () => ++settledCalls === wanted && resolve()
    for (const call of calls) call.then(count, count)
  })
}

/** Returns the ARNs of those that are READY, which all have to become. By the list: one by one the next round would wait for hundreds of calls. */
async function checkAcknowledged({ control }: Clients, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const until = Date.now() + 30_000
  for (;;) {
    const found = new Map<string, string>()
    for await (const page of paginateListAgentRuntimes({ client: control, pageSize: 100 }, {}))
      for (const { agentRuntimeId = '', status = '' } of page.agentRuntimes ?? []) found.set(agentRuntimeId, status)
    const wrong = [...acknowledged.keys()].filter((id) => found.get(id) !== 'READY')
    const lost = wrong.filter((id) => found.get(id) !== 'CREATING')
    expect(lost, 'acknowledged, and not there or not whole').toEqual([])
    if (wrong.length === 0) return [...acknowledged.values()]
    if (Date.now() > until) throw new Error(`stuck in CREATING: ${wrong.join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Processes whose environment has our mark. */
function running(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)
      } catch {
        return false
      }
    })
    .map(Number)
}

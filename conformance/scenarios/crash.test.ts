// kill -9 in the middle of work, again and again: what was acknowledged is there, nothing runs on, nothing is stuck.
import { readdirSync, readFileSync } from 'node:fs'
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateAgentRuntimeCommand, GetAgentRuntimeCommand, paginateListAgentRuntimes } from '@aws-sdk/client-bedrock-agentcore-control'
import { expect } from 'vitest'
import { codeArtifact, nodeAgent, settled, upload, zip } from '../agents.fixture.js'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.js'
import { scenario } from '../scenario.fixture.js'

const rounds = 20
const callsARound = 50
/** In the environment of every agent of this run, so that its processes can be found from outside. */
const mark = `agentworks-crash-${process.pid}-${Date.now()}`

scenario(
  'crash.survives',
  'js',
  async () => {
    const dataDir = newDataDir()
    const acknowledged = new Map<string, string>()
    let platform: RunningPlatform | undefined
    for (let round = 0; round < rounds; round += 1) {
      platform = await startPlatform(dataDir)
      const clients = quick(platform)
      if (round === 0) await upload(clients, 'crash.zip', await zip({ 'main.js': nodeAgent }))
      expect(running(), `round ${round}: no process of an earlier platform runs on`).toEqual([])
      await checkAcknowledged(clients, acknowledged)
      await killAmid(platform, clients, round, acknowledged)
    }
    platform = await startPlatform(dataDir)
    const clients = clientsOf(platform)
    expect(running()).toEqual([])
    await checkAcknowledged(clients, acknowledged)
    expect(acknowledged.size).toBeGreaterThan(rounds)
    for (const agentRuntimeId of acknowledged.keys()) expect((await settled(clients, agentRuntimeId)).status).toBe('READY')
    const names = new Set<string>()
    for await (const page of paginateListAgentRuntimes({ client: clients.control }, {})) {
      for (const { agentRuntimeName = '' } of page.agentRuntimes ?? []) {
        expect(names.has(agentRuntimeName), `${agentRuntimeName} is listed once`).toBe(false)
        names.add(agentRuntimeName)
      }
    }
    await removeDataDir(platform)
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

async function killAmid(platform: RunningPlatform, clients: Clients, round: number, acknowledged: Map<string, string>): Promise<void> {
  const ready = [...acknowledged].slice(-3).map(([, arn]) => arn)
  const calls = Array.from({ length: callsARound }, async (_, index) => {
    const arn = ready[index % ready.length]
    if (index % 2 === 0 || arn === undefined) {
      const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
        new CreateAgentRuntimeCommand({
          agentRuntimeName: `r${round}_${index}`,
          agentRuntimeArtifact: codeArtifact('crash.zip'),
          roleArn,
          environmentVariables: { MARK: mark },
        }),
      )
      acknowledged.set(agentRuntimeId, agentRuntimeArn)
    } else {
      const { response } = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: arn, payload: Buffer.from('{}') }))
      await response?.transformToString()
    }
  })
  // Later each round, so that the kill falls into different work; at round 0 at once.
  const enough = Promise.allSettled(calls.slice(0, 1 + round * 2))
  await Promise.race([enough, Promise.allSettled(calls)])
  await platform.kill()
  await Promise.allSettled(calls)
}

async function checkAcknowledged({ control }: Clients, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  for (const agentRuntimeId of acknowledged.keys()) {
    const found = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    expect(['CREATING', 'READY']).toContain(found.status)
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

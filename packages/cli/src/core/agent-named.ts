// The runtime that a user means by a name, an id or an ARN.
import type { PlatformClients } from '@agentworks/factory'
import { listRuntimes, type RuntimeSummary } from '@agentworks/sdk/agent-runtimes'
import { Failure } from './failure.js'

export async function agentNamed({ control }: PlatformClients, wanted: string): Promise<RuntimeSummary> {
  const runtimes = await listRuntimes(control)
  const found =
    runtimes.find(({ name, agentRuntimeId, agentRuntimeArn }) => [name, agentRuntimeId, agentRuntimeArn].includes(wanted)) ??
    runtimes.find(({ name }) => name === wanted.replaceAll('-', '_'))
  if (found) return found
  const names = runtimes.map(({ name }) => name)
  throw new Failure(`there is no agent ${wanted}`, {
    why: names.length > 0 ? `deployed are: ${names.join(', ')}` : 'nothing is deployed',
    fix: wanted === 'builder' ? 'stop the platform; the next agentworks start (without --no-factory) installs the builder' : 'agentworks agents list',
  })
}

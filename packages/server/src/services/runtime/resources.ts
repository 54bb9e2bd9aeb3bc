// What a runtime's sessions may use, and how many instances it has. AWS's wire has no field for it (its newest model has the
// memory alone), so it is carried by tags that every client can set: agentworks:cpu and the others below.
import { invalid } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { InstanceLimits } from '#ports/sandbox.js'
import type { Reader } from '#ports/store.js'
import { tagsOf } from '#services/tags/index.js'
import { runtimeArn } from './documents.js'
import { instanceLimits } from './limits.js'
import type { RuntimeConfig } from './ports.js'

export interface Resources {
  cpus?: number
  memoryMb?: number
  /** So many started instances wait for new sessions. */
  minInstances?: number
  /** No more instances than this, those that wait included. */
  maxInstances?: number
  /** In per cent: enough instances wait that no more than this share of all of them is taken. */
  targetUtilisation?: number
}

interface Rule {
  resource: keyof Resources
  pattern: RegExp
  least: number
  most: number
  says: string
}

const whole = /^[0-9]{1,7}$/

const rules: Readonly<Record<string, Rule>> = {
  'agentworks:cpu': {
    resource: 'cpus',
    pattern: /^[0-9]{1,4}(\.[0-9]{1,2})?$/,
    least: 0.1,
    most: 1_024,
    says: 'a number of processors from 0.1 to 1024',
  },
  // Below this Node does not start.
  'agentworks:memory-mb': { resource: 'memoryMb', pattern: whole, least: 64, most: 1_048_576, says: 'a whole number of MiB from 64 to 1048576' },
  'agentworks:min-instances': { resource: 'minInstances', pattern: whole, least: 0, most: 1_000, says: 'a whole number from 0 to 1000' },
  'agentworks:max-instances': { resource: 'maxInstances', pattern: whole, least: 1, most: 100_000, says: 'a whole number from 1 to 100000' },
  'agentworks:target-utilisation': {
    resource: 'targetUtilisation',
    pattern: whole,
    least: 1,
    most: 100,
    says: 'a whole number of per cent from 1 to 100',
  },
}

type Tags = Readonly<Record<string, string>>

const isReserved = (key: string) => key.toLowerCase().startsWith('agentworks:')

/** Throws for a reserved tag that says nothing, and for values that contradict each other. */
export function resourcesIn(tags: Tags = {}): Resources {
  const resources: Resources = {}
  for (const [key, value] of Object.entries(tags)) {
    if (!isReserved(key)) continue
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    if (!rule)
      throw invalid('tags', `the key "${key}" begins with agentworks:, where there are only ${Object.keys(rules).join(', ')}; choose another`)
    const number = Number(value)
    if (!rule.pattern.test(value) || number < rule.least || number > rule.most)
      throw invalid('tags', `the value of ${key} is "${value.slice(0, 20)}"; it must be ${rule.says}`)
    resources[rule.resource] = number
  }
  const { minInstances = 0, maxInstances } = resources
  if (maxInstances !== undefined && minInstances > maxInstances)
    throw invalid('tags', `agentworks:min-instances is ${minInstances}, which is more than agentworks:max-instances, ${maxInstances}`)
  return resources
}

/** An endpoint has instances of its own, and its runtime's everything else. */
export function endpointResourcesIn(tags: Tags = {}): Pick<Resources, 'minInstances'> {
  const other = Object.keys(tags).find((key) => isReserved(key) && key !== 'agentworks:min-instances')
  if (other !== undefined)
    throw invalid('tags', `${other} is no tag of an endpoint, which has agentworks:min-instances alone; give it to the agent runtime`)
  return resourcesIn(tags)
}

export async function resourcesOf(reader: Reader, scope: Scope, agentRuntimeId: string): Promise<Resources> {
  return resourcesIn(await tagsOf(reader, scope, runtimeArn(scope, agentRuntimeId)))
}

/** What an instance started now is held to: the runtime's own, else the operator's, else AWS's. */
export function limitsOf({ sessionLimits = instanceLimits }: RuntimeConfig, { cpus, memoryMb }: Resources): InstanceLimits {
  return {
    cpus: cpus ?? sessionLimits.cpus,
    memoryBytes: memoryMb === undefined ? sessionLimits.memoryBytes : memoryMb * 2 ** 20,
    pids: sessionLimits.pids,
  }
}

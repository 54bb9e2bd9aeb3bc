// What the sessions of an agent may use, and how many instances it has. AWS's wire has no field for it: tags carry it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidCall } from '#client/invalid-call.js'

/** Of a platform's agent; AWS chooses these itself. What is left out stays as it is. */
export interface AgentResources {
  /** Processors of each instance; may be a fraction. */
  cpu?: number
  /** MiB of each instance. */
  memoryMb?: number
  /** So many started instances wait for new sessions. */
  minInstances?: number
  /** Over it a new session is refused with ServiceQuotaExceededException. */
  maxInstances?: number
  /** Per cent: so many wait that no more than this share of all instances is in sessions. */
  targetUtilisation?: number
}

const tagNames: Readonly<Record<keyof AgentResources, string>> = {
  cpu: 'agentworks:cpu',
  memoryMb: 'agentworks:memory-mb',
  minInstances: 'agentworks:min-instances',
  maxInstances: 'agentworks:max-instances',
  targetUtilisation: 'agentworks:target-utilisation',
}

const projectFile = 'agentworks.json'

/** The platform checks the bounds; here only what could not be written as a tag is refused. */
export function tagsOf(resources: AgentResources): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const [name, value] of Object.entries(resources)) {
    if (!Object.hasOwn(tagNames, name))
      throw new InvalidCall(`resources.${name}`, 'is no resource of an agent', `Use ${Object.keys(tagNames).join(', ')}`)
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new InvalidCall(`resources.${name}`, 'is no number', 'Give a number')
    tags[tagNames[name as keyof AgentResources]] = String(value)
  }
  return tags
}

/** `resources` of agentworks.json in the agent's folder; none without the file. */
export async function projectResources(dir: string): Promise<AgentResources> {
  const path = join(dir, projectFile)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return {}
  const read = parsed(text)
  if (!isRecord(read)) throw new InvalidCall(projectFile, 'is no JSON object', `Mend ${path}`)
  const { resources = {}, ...others } = read
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined) throw new InvalidCall(`${projectFile}: ${unknown}`, 'means nothing', 'It has resources alone')
  if (!isRecord(resources)) throw new InvalidCall(`${projectFile}: resources`, 'is no JSON object', 'Write { "resources": { "memoryMb": 512 } }')
  tagsOf(resources)
  return resources
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

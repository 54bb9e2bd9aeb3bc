// What a runtime's sessions may use, and how many instances it has: what AWS's API has no field for.
import { adminFetch } from '#core/connection.js'
import { runningPlatform } from '#core/data-folder.js'
import type { Invoked } from '#core/invoked.js'

export interface Instances {
  cpus: number
  memoryMb: number
  minInstances: number
  maxInstances?: number
  targetUtilisation?: number
  sessions: number
  waiting: number
  starting: number
  wanted: number
  /** Why fewer wait than should. */
  instead?: string
}

/** Known only to who owns the data folder. */
export async function instancesOf(invoked: Invoked, agentRuntimeArn: string): Promise<Instances | undefined> {
  if (!(await runningPlatform(invoked.dataDir))) return undefined
  const found = await (await adminFetch(invoked, `instances/${encodeURIComponent(agentRuntimeArn)}`)).json()
  return (found as Instances | null) ?? undefined
}

export function instancesWords(one: Instances): string[] {
  const { cpus, memoryMb, minInstances, maxInstances, targetUtilisation, sessions, waiting, starting, wanted, instead } = one
  const utilisation = targetUtilisation === undefined ? '' : `, target utilisation ${targetUtilisation}%`
  return [
    `resources: cpu ${cpus}, memory ${memoryMb} MB, instances ${minInstances} waiting at least, ${maxInstances ?? 'no'} maximum${utilisation}`,
    `instances: ${sessions} in sessions, ${waiting} of ${wanted} waiting${starting > 0 ? `, ${starting} starting` : ''}${instead ? `; ${instead}` : ''}`,
  ]
}

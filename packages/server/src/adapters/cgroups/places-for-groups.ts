// Below which group of the host the groups of sessions can be made. Tried, not looked up: rights and delegation differ everywhere.
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Controller, controllers, type OwnGroup, type OwnGroups } from './own-groups.js'

export interface GroupPlace {
  version: 1 | 2
  /** The parent of the groups to come. */
  dir: string
  controllers: Controller[]
}

export interface FoundPlaces {
  places: GroupPlace[]
  missing: { controller: Controller; reason: string }[]
}

const platformLeaf = 'agentworks-platform'

export function findPlaces(own: OwnGroups, self: { pid: number; kin(pid: number): boolean }): FoundPlaces {
  const places: GroupPlace[] = []
  const missing: FoundPlaces['missing'] = []
  const notV1 = controllers.filter((controller) => own.v1[controller] === undefined)
  const v2 = own.v2 && notV1.length > 0 ? placeOfV2(own.v2, notV1, self) : undefined
  if (v2) places.push(v2)
  for (const controller of controllers) {
    const group = own.v1[controller]
    if (group) {
      const failure = failureToMake(group.dir)
      if (failure === undefined) places.push({ version: 1, dir: group.dir, controllers: [controller] })
      else missing.push({ controller, reason: failure })
    } else if (!v2?.controllers.includes(controller)) {
      missing.push({ controller, reason: own.v2 ? `no group that hands on ${controller} may be written here` : 'this host mounts no control groups' })
    }
  }
  return { places, missing }
}

/**
 * Version 2 lets a group hand controllers to its children only while it holds no process itself. So: an ancestor that hands them on
 * already and may be written, or else the platform's own group, out of which the platform moves into a leaf first.
 */
function placeOfV2(own: OwnGroup, wanted: readonly Controller[], self: { pid: number; kin(pid: number): boolean }): GroupPlace | undefined {
  const line = ancestors(own)
  const handing = line.map((dir) => ({ dir, controllers: wanted.filter((name) => handsOn(dir).includes(name)) }))
  const best = handing
    .filter(({ dir, controllers }) => controllers.length > 0 && canHold(dir))
    .sort((one, other) => other.controllers.length - one.controllers.length)[0]
  if (best?.controllers.length === wanted.length) return { version: 2, ...best }
  const delegated = line.flatMap((dir) => {
    const offered = wanted.filter((name) => words(join(dir, 'cgroup.controllers')).includes(name))
    return offered.length > (best?.controllers.length ?? 0) && canHold(dir) && handOn(dir, offered, self) ? [{ dir, controllers: offered }] : []
  })[0]
  const found = delegated ?? best
  return found ? { version: 2, ...found } : undefined
}

function ancestors({ dir, top }: OwnGroup): string[] {
  const line = [dir]
  for (let at = dir; at !== top && at.startsWith(top); line.push(at)) at = dirname(at)
  return line
}

/** Moving a process needs the right to write the list of the common ancestor too, which the parent of the new group is. */
function canHold(dir: string): boolean {
  try {
    accessSync(join(dir, 'cgroup.procs'), constants.W_OK)
    return failureToMake(dir) === undefined
  } catch {
    return false
  }
}

function handOn(dir: string, names: readonly Controller[], { pid, kin }: { pid: number; kin(pid: number): boolean }): boolean {
  const inside = words(join(dir, 'cgroup.procs')).map(Number)
  // Somebody else's processes are not ours to move.
  if (!inside.every((each) => each === pid || kin(each))) return false
  try {
    if (inside.length > 0) {
      mkdirSync(join(dir, platformLeaf), { recursive: true })
      for (const each of inside) writeFileSync(join(dir, platformLeaf, 'cgroup.procs'), String(each))
    }
    writeFileSync(join(dir, 'cgroup.subtree_control'), names.map((name) => `+${name}`).join(' '))
    return true
  } catch {
    return false
  }
}

const handsOn = (dir: string) => words(join(dir, 'cgroup.subtree_control'))

function words(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\s+/).filter(Boolean)
  } catch {
    return []
  }
}

function failureToMake(dir: string): string | undefined {
  const trial = join(dir, `agentworks-trial-${process.pid}`)
  try {
    mkdirSync(trial)
    rmdirSync(trial)
    return undefined
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}

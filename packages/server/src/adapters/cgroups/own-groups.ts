// Where this process stands in the host's control groups: one tree for each controller (version 1), one for all (version 2), or
// both at once, as hybrid hosts have it.
export type Controller = 'memory' | 'cpu' | 'pids'

export const controllers: readonly Controller[] = ['memory', 'cpu', 'pids']

/** Version 1: the controller's own tree. */
export interface OwnGroup {
  /** The group of this process, as a folder. */
  dir: string
  /** Where the tree is mounted: nothing above it can be seen from here. */
  top: string
}

export interface OwnGroups {
  v1: Partial<Record<Controller, OwnGroup>>
  v2: OwnGroup | undefined
}

/** From the texts of /proc/self/mountinfo and /proc/self/cgroup. */
export function ownGroups(mountinfo: string, cgroup: string): OwnGroups {
  const paths = new Map(cgroup.trim().split('\n').map(pathOfLine))
  const groups: OwnGroups = { v1: {}, v2: undefined }
  for (const { type, options, root, top } of mountinfo.trim().split('\n').map(mountOfLine)) {
    if (type === 'cgroup2') groups.v2 ??= within(paths.get(''), root, top)
    if (type !== 'cgroup') continue
    for (const controller of controllers) {
      if (options.includes(controller)) groups.v1[controller] ??= within(paths.get(controller), root, top)
    }
  }
  return groups
}

/** `4:memory:/path`, `2:cpu,cpuacct:/path`, `0::/path`: one entry, by the controller that matters here. */
function pathOfLine(line: string): [string, string] {
  const [, names = '', ...path] = line.split(':')
  const name = names.split(',').find((each) => controllers.some((controller) => controller === each)) ?? names
  return [name, path.join(':')]
}

/** `36 31 0:35 ROOT MOUNTPOINT rw,relatime OPTIONAL... - TYPE SOURCE rw,pids`, blanks written as \040. */
function mountOfLine(line: string) {
  const [before = '', after = ''] = line.split(' - ')
  const [, , , root = '', top = ''] = before.split(' ')
  const [type = '', , options = ''] = after.split(' ')
  return { type, options: options.split(','), root: unescaped(root), top: unescaped(top) }
}

const unescaped = (text: string) => text.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** A container sees only a part of the tree, whose root need not be the tree's. */
function within(path: string | undefined, root: string, top: string): OwnGroup | undefined {
  if (path === undefined || path.split('/').includes('..')) return undefined
  if (root === '/') return { dir: path === '/' ? top : `${top}${path}`, top }
  if (path !== root && !path.startsWith(`${root}/`)) return undefined
  return { dir: `${top}${path.slice(root.length)}`, top }
}

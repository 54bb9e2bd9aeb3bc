// Two planes, one service: shapes that are the same in both are shared, those that only share a name are told apart.
import type { Operation, Shape } from '@agentworks/model'
import type { Built } from './build.ts'

/** The second plane's shapes that differ get `prefix` in front of their names. */
export function merge(first: Built, second: Built, prefix: string): Built {
  const clashes = clashing(first.shapes, second.shapes)
  const rename = (name: string) => (clashes.has(name) ? prefix + name[0]?.toUpperCase() + name.slice(1) : name)
  const shapes = { ...first.shapes }
  for (const [name, shape] of Object.entries(second.shapes)) {
    if (isError(shape) && shapes[name]) continue
    const target = rename(name)
    if (target !== name && shapes[target]) throw new Error(`${target} is taken: choose another prefix`)
    shapes[target] = renamed(shape, rename)
  }
  const moved = Object.values(second.operations).map(
    (operation): Operation => ({ ...operation, input: rename(operation.input), output: rename(operation.output) }),
  )
  for (const { name } of moved) if (first.operations[name]) throw new Error(`both planes have ${name}`)
  return {
    operations: { ...first.operations, ...Object.fromEntries(moved.map((operation) => [operation.name, operation])) },
    shapes,
    unconstrained: [...first.unconstrained, ...second.unconstrained],
  }
}

/** Names whose shapes differ, or lead to one that does. Errors are answered by name alone, so the first plane's stand for both. */
function clashing(a: Record<string, Shape>, b: Record<string, Shape>): Set<string> {
  const shared = Object.keys(a).filter((name) => b[name] && !isError(a[name]))
  const clashes = new Set(shared.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name])))
  for (let size = -1; size !== clashes.size; ) {
    size = clashes.size
    for (const name of shared) if (targets(b[name]).some((target) => clashes.has(target))) clashes.add(name)
  }
  return clashes
}

function isError(shape: Shape | undefined): boolean {
  return shape?.kind === 'structure' && shape.status !== undefined
}

function targets(shape: Shape | undefined): string[] {
  if (!shape) return []
  if ('members' in shape) return Object.values(shape.members).map((member) => member.shape)
  if (shape.kind === 'list') return [shape.element]
  if (shape.kind === 'map') return [shape.key, shape.value]
  return []
}

function renamed(shape: Shape, rename: (name: string) => string): Shape {
  if ('members' in shape) {
    const members = Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, { ...member, shape: rename(member.shape) }]))
    return { ...shape, members }
  }
  if (shape.kind === 'list') return { ...shape, element: rename(shape.element) }
  if (shape.kind === 'map') return { ...shape, key: rename(shape.key), value: rename(shape.value) }
  return shape
}

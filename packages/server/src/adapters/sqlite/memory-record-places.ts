// Places of records: the whole memory, each namespace, and each path above one.
import type { RecordScope } from '#ports/memory-records.js'

export interface Place {
  kind: 'memory' | 'namespace' | 'path'
  name: string
}

/** All places that a record of this namespace is in. */
export function placesOf(namespace: string): Place[] {
  return [
    { kind: 'memory', name: '' },
    { kind: 'namespace', name: namespace },
    ...pathsOf(namespace).map((name) => ({ kind: 'path' as const, name })),
  ]
}

/** The place that has the records of a scope: the smallest one. */
export function placeOf({ namespace, namespacePath }: RecordScope): Place {
  if (namespace !== undefined) return { kind: 'namespace', name: namespace }
  if (namespacePath !== undefined) return { kind: 'path', name: asFolder(namespacePath) }
  return { kind: 'memory', name: '' }
}

/** `/a/b` is in `/`, `/a/` and `/a/b/`. */
function pathsOf(namespace: string): string[] {
  if (namespace === '') return []
  const folder = asFolder(namespace)
  return [...folder.matchAll(/\//g)].map(({ index }) => folder.slice(0, index + 1))
}

const asFolder = (path: string) => (path.endsWith('/') ? path : `${path}/`)

/** How the index of words writes a place: terms have no such sign. */
export const placeTerm = (place: number) => `_${place}`

// Imports go one way, between rooms by `#room/…`, inside a room by `./…`. See tools/rooms.ts for the table.
import { flatOf, mayImport, roomOf } from './rooms.ts'
import { isTest, report, type SourceFile, sourceFiles } from './source-files.ts'

const importPattern = /(?:^|[\s;}])(?:(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?|import\()\s*'([^']+)'/g
const serverRooms = new Set(['kernel', 'ports', 'wire', 'services', 'adapters', 'admin'])

export function roomFaults(files: readonly SourceFile[]): { faults: string[]; imports: number; edges: Map<string, number> } {
  const faults: string[] = []
  const edges = new Map<string, number>()
  let imports = 0
  for (const file of files) {
    for (const specifier of importsOf(file.text)) {
      imports++
      const fault = specifier.split('/').includes('..') ? 'goes up; name the room instead' : faultOf(file.path, specifier, edges)
      if (fault) faults.push(`${file.path} imports '${specifier}': ${fault}`)
    }
  }
  return { faults: [...faults, ...circles(edges)], imports, edges }
}

export function importsOf(text: string): string[] {
  return Array.from(text.matchAll(importPattern), ([, specifier]) => specifier ?? '')
}

function faultOf(path: string, specifier: string, edges: Map<string, number>): string | undefined {
  const room = roomOf(path)
  if (specifier.startsWith('node:') || isTest(path)) return undefined
  const allowed = room === undefined ? undefined : mayImport[room]
  if (room === undefined || allowed === undefined) return 'lies in no room that tools/rooms.ts knows'
  if (specifier.startsWith('.')) return fromRootOfServer(room, specifier)
  const target = targetOf(path, specifier)
  if (target.room === room && target.flat === flatOf(path)) return undefined
  if (target.flat) count(edges, `${flatOf(path)} -> ${target.flat}`)
  if (!allowed.includes('*') && !allowed.includes(target.room)) return `${room} may import ${allowed.join(', ') || 'nothing'}, not ${target.room}`
  const isPastTheDoor = target.room === 'services' && room !== 'main' && !specifier.endsWith('/index.js')
  return isPastTheDoor ? "a sibling is entered by its door, '#services/NAME/index.js'" : undefined
}

/** The composition root lies above the rooms, so `./` would reach into them unseen. */
function fromRootOfServer(room: string, specifier: string): string | undefined {
  return room === 'main' && serverRooms.has(specifier.split('/')[1] ?? '') ? 'name the room by #' : undefined
}

function targetOf(path: string, specifier: string): { room: string; flat?: string } {
  if (specifier.startsWith('#')) {
    const [room = '', inner = ''] = specifier.slice(1).split('/')
    if (!path.startsWith('packages/server/')) return { room: roomOf(path) ?? '', flat: flatOf(path) }
    const isMany = room === 'services' || room === 'adapters'
    return { room, flat: isMany ? `${room}/${inner.replace(/\.js$/, '')}` : room }
  }
  const own = /^@agentworks\/([^/]+)/.exec(specifier)
  return own?.[1] ? { room: own[1], flat: `packages/${own[1]}` } : { room: 'third' }
}

function circles(edges: Map<string, number>): string[] {
  const next = new Map<string, string[]>()
  for (const edge of edges.keys()) {
    const [from = '', to = ''] = edge.split(' -> ')
    next.set(from, [...(next.get(from) ?? []), to])
  }
  const faults = new Set<string>()
  const walk = (at: string, way: readonly string[]) => {
    const seen = way.indexOf(at)
    // Each circle once: told from its first room in order of the alphabet.
    if (seen === 0 && way.every((room) => at <= room)) faults.add(`rooms import in a circle: ${[...way, at].join(' -> ')}`)
    if (seen === -1) for (const to of next.get(at) ?? []) walk(to, [...way, at])
  }
  for (const from of next.keys()) walk(from, [])
  return [...faults]
}

function count(edges: Map<string, number>, edge: string): void {
  edges.set(edge, (edges.get(edge) ?? 0) + 1)
}

if (import.meta.main) {
  const files = sourceFiles(['.ts']).filter((file) => file.path.startsWith('packages/') && !file.path.startsWith('packages/cli/templates/'))
  const { faults, imports, edges } = roomFaults(files)
  report('check-rooms', `${files.length} files, ${imports} imports, ${edges.size} ways between rooms`, imports, faults)
}

// Where the bytes of a package are, so that its owner knows what to leave out.
import { type PackageEntry, quoted } from './entries.js'

export function biggestFolders(entries: Iterable<Pick<PackageEntry, 'path' | 'size'>>, count = 5): string {
  const sizes = new Map<string, number>()
  for (const { path, size } of entries) {
    const folder = folderOf(path)
    sizes.set(folder, (sizes.get(folder) ?? 0) + size)
  }
  const biggest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, count)
  return biggest.map(([folder, size]) => `${quoted(folder)} ${megabytes(size)}`).join(', ')
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** A dependency is a folder of its own: `node_modules/name`, `node_modules/@scope/name`, `vendor/name`. */
function folderOf(path: string): string {
  const folders = path.split('/').slice(0, -1)
  const depth = folders[1]?.startsWith('@') ? 3 : 2
  return folders.slice(0, depth).join('/') || '.'
}

// AWS's limits on what is deployed: 250 MB packed, 750 MB unpacked, 50 variables (spec/service-behaviour.md 1.8, 1.5).

import type { PackedFile } from './files.js'
import { PackingFailed } from './packing-failed.js'

export interface PackingLimits {
  packedBytes: number
  unpackedBytes: number
  environmentVariables: number
}

/** As the platform counts. */
const mega = 1024 * 1024
export const awsLimits: PackingLimits = { packedBytes: 250 * mega, unpackedBytes: 750 * mega, environmentVariables: 50 }

export function refuseTooLarge(files: PackedFile[], bytes: number, limit: number, what: 'packed' | 'unpacked'): void {
  if (bytes <= limit) return
  throw new PackingFailed(`the package is ${sized(bytes)} ${what}; the limit is ${sized(limit)}`, {
    why: `the biggest folders are ${biggestFolders(files).join(', ')}; the biggest files: ${biggestFiles(files).join(', ')}`,
    fix: 'leave out what the agent does not need at run time',
  })
}

function biggestFiles(files: PackedFile[], count = 3): string[] {
  return files
    .toSorted((one, other) => other.size - one.size)
    .slice(0, count)
    .map(({ place, size }) => `${place} (${sized(size)})`)
}

/** By the first two levels: `node_modules` alone would tell nobody anything. */
function biggestFolders(files: PackedFile[], count = 5): string[] {
  const sizes = new Map<string, number>()
  for (const { place, size } of files) {
    const parts = place.split('/')
    const folder = parts.length === 1 ? '.' : parts.slice(0, Math.min(2, parts.length - 1)).join('/')
    sizes.set(folder, (sizes.get(folder) ?? 0) + size)
  }
  return [...sizes]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([folder, size]) => `${folder} (${sized(size)})`)
}

export function sized(bytes: number): string {
  return bytes < mega ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / mega).toFixed(1)} MB`
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

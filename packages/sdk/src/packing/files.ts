// Every file that goes into a package, in a fixed order, with its size.
import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { isLeftOut } from './left-out.js'
import { PackingFailed } from './packing-failed.js'

export interface PackedFile {
  /** On this machine. */
  path: string
  /** In the package, with forward slashes. */
  place: string
  size: number
  executable: boolean
  /** Set for a link to another place of the package: its target as written. */
  linkTo?: string
}

export interface Listing {
  files: PackedFile[]
  /** Places that were left out by name, so that the command can tell. */
  leftOut: string[]
}

export async function filesIn(root: string, skip: ReadonlySet<string> = new Set()): Promise<Listing> {
  const base = await realpath(root)
  const listing: Listing = { files: [], leftOut: [] }
  await walk(base, { base, skip, listing, above: [] })
  return listing
}

interface Walk {
  base: string
  skip: ReadonlySet<string>
  listing: Listing
  /** Real paths of the folders that we are in: a link back to one of them would never end. */
  above: string[]
}

async function walk(folder: string, state: Walk, prefix = ''): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const place = prefix + entry.name
    const path = join(folder, entry.name)
    if (isLeftOut(entry.name)) state.listing.leftOut.push(place)
    else if (state.skip.has(place)) continue
    else if (entry.isSymbolicLink()) await link(path, place, state)
    else await one(path, place, state)
  }
}

async function one(path: string, place: string, state: Walk): Promise<void> {
  const found = await stat(path)
  if (found.isDirectory()) {
    const real = await realpath(path)
    if (state.above.includes(real)) throw new PackingFailed(`${place} links to a folder that it lies in`, { fix: 'remove the link' })
    await walk(path, { ...state, above: [...state.above, real] }, `${place}/`)
  } else if (found.isFile()) {
    state.listing.files.push({ path, place, size: found.size, executable: (found.mode & 0o111) !== 0 })
  }
  // Sockets, pipes and devices mean nothing on another machine.
}

/** A link within the package stays a link (package managers count on it); one that leads out becomes what it leads to. */
async function link(path: string, place: string, state: Walk): Promise<void> {
  const target = await readlink(path)
  const inside = relative(state.base, resolve(dirname(path), target))
  const leadsOut = inside.startsWith('..') || inside === '' || resolve(target) === target
  if (!leadsOut) {
    state.listing.files.push({ path, place, size: target.length, executable: false, linkTo: target.split(sep).join('/') })
    return
  }
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  if (!exists) throw new PackingFailed(`${place} is a link to ${target}, which does not exist`, { fix: 'remove the link' })
  await one(path, place, state)
}

// Images in the store of this host's engine.
import { PortError } from '#kernel/errors.js'
import type { Image, Images } from '#ports/images.js'
import { type Engine, EngineRefusal } from './engine.js'
import type { HostEngine } from './host-engine.js'

interface ImageFacts {
  Id: string
  Os: string
  Architecture: string
  Size: number
}

export function localImages(host: HostEngine): Images {
  return {
    available: host.available,
    find: async (name) => findImage(await host.connect('images'), name),

    async tag(source, name) {
      const engine = await host.connect('images')
      const image = await findImage(engine, source)
      if (!image) return undefined
      const { repo, tag } = splitName(name)
      await engine.call({ method: 'POST', path: `/images/${image.id}/tag`, query: { repo, tag } }).catch((cause: unknown) => {
        throw new PortError('images', 'cannot-tag', `${source} could not be named ${name}: ${messageOf(cause)}`, { cause })
      })
      return image
    },
  }
}

async function findImage(engine: Engine, name: string): Promise<Image | undefined> {
  // No name of an image, but a way to other calls of the engine.
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined
  try {
    const { Id, Os, Architecture, Size } = await engine.call<ImageFacts>({ method: 'GET', path: `/images/${encodeName(name)}/json` })
    return { id: Id.startsWith('sha256:') ? Id : `sha256:${Id}`, os: Os, architecture: Architecture, sizeBytes: Size }
  } catch (fault) {
    // 400: no name that a store could have.
    if (fault instanceof EngineRefusal && (fault.status === 404 || fault.status === 400)) return undefined
    throw new PortError('images', 'unavailable', `the container engine could not be asked for ${name}: ${messageOf(fault)}`, { cause: fault })
  }
}

/** Slashes are part of the engine's path; nothing else of a name may become part of it. */
const encodeName = (name: string) => name.split('/').map(encodeURIComponent).join('/')

/** A colon before the last slash belongs to a registry's port. */
function splitName(name: string): { repo: string; tag: string } {
  const colon = name.indexOf(':', name.lastIndexOf('/'))
  return colon < 0 ? { repo: name, tag: 'latest' } : { repo: name.slice(0, colon), tag: name.slice(colon + 1) }
}

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))

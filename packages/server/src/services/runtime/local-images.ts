// Images by AWS's names for them. Nothing is pulled: a registry's address is the name under which the local store has the image.
import { invalid, notFound, PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Image, Images } from '#ports/images.js'
import { imageBytes } from './limits.js'

/** What the owner of an image should know of it. */
export interface ImageView {
  containerUri: string
  imageId: string
  platform: string
  sizeBytes: number
  /** AWS runs linux/arm64 and nothing else (developer guide: runtime-get-started-toolkit). */
  fitForAws: boolean
}

export function localImages(images: Images) {
  return {
    /** Gives a local image the registry's address that a runtime of this name would have at AWS. */
    async publish({ account, region }: Scope, source: string, name: string): Promise<ImageView> {
      if (!/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/.test(name))
        throw invalid('name', 'a letter first, then letters, digits and underscores, 48 characters at most')
      try {
        const image = await images.find(source)
        if (!image) throw notFound('Image', source)
        // The id in the tag: an address once given always means the same image, and keeps it from being pruned.
        const containerUri = `${account}.dkr.ecr.${region}.amazonaws.com/${name.toLowerCase().replace(/_+/g, '-').replace(/-$/, '')}:${shortId(image)}`
        await images.tag(image.id, containerUri)
        return view(containerUri, image)
      } catch (fault) {
        throw fault instanceof PortError ? new ServiceError('ServiceException', fault.message, { cause: fault }) : fault
      }
    },

    async find(containerUri: string): Promise<ImageView | undefined> {
      const image = await images.find(containerUri).catch(() => undefined)
      return image && view(containerUri, image)
    },
  }
}

/** The image that a version will run, or why it cannot: the text becomes failureReason. */
export async function imageToRun(images: Images, containerUri: string): Promise<{ image: Image } | { failure: string }> {
  const engine = await images.available()
  if (!engine.ok) return { failure: `This host cannot run containers: ${engine.reason}. To mend it: ${engine.fix}. Then update the runtime.` }
  const image = await images.find(containerUri)
  if (!image)
    return {
      failure: `The local store of the ${engine.engine} has no image ${containerUri}, and nothing is pulled. Build it and type: docker tag YOUR_IMAGE ${containerUri}; or: agentworks deploy --image YOUR_IMAGE --name NAME.`,
    }
  const host = `linux/${engine.architecture}`
  if (platformOf(image) !== host)
    return {
      failure: `The image ${containerUri} is built for ${platformOf(image)} and this host runs ${host}. Build it with: docker build --platform ${host} -t ${containerUri} .`,
    }
  if (image.sizeBytes > imageBytes)
    return {
      failure: `The image ${containerUri} has ${image.sizeBytes} bytes; the limit is ${imageBytes}. Leave out what the agent does not need, or start from a smaller base.`,
    }
  return { image }
}

function view(containerUri: string, image: Image): ImageView {
  const platform = platformOf(image)
  return { containerUri, imageId: image.id, platform, sizeBytes: image.sizeBytes, fitForAws: platform === 'linux/arm64' }
}

const platformOf = ({ os, architecture }: Image) => `${os}/${architecture}`

const shortId = ({ id }: Image) => id.replace(/^sha256:/, '').slice(0, 12)

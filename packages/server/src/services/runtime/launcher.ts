// What starts the agent of a version: the sandbox for code, or the one for images.
import { ServiceError } from '#kernel/errors.js'
import type { Instance, InstanceSpec, Sandbox } from '#ports/sandbox.js'
import { isImage } from './artifact.js'
import type { VersionDocument } from './documents.js'
import { interpreterArguments } from './instrumentation.js'
import type { RuntimeWorld } from './ports.js'

export interface Launcher {
  /** `start` is below: only there is it known what is started. */
  sandbox: Omit<Sandbox, 'start'>
  /** ServiceError when the host cannot run this version any more; else as the sandbox's own. */
  start(spec: Omit<InstanceSpec, 'program'>): Promise<Instance>
}

/** The sandbox that instances of such an artifact get. */
export function sandboxFor(world: Pick<RuntimeWorld, 'sandbox' | 'containers'>, code: VersionDocument['code']): Launcher['sandbox'] {
  return isImage(code) ? world.containers.sandbox : world.sandbox
}

export function launcherOf(
  world: Pick<RuntimeWorld, 'sandbox' | 'containers' | 'interpreters' | 'codePackages'>,
  version: VersionDocument,
): Launcher {
  const { code, codeSha256 } = version
  if (isImage(code)) {
    const { sandbox } = world.containers
    return {
      sandbox,
      async start(spec) {
        if (code.imageId === undefined) throw cannotRun(`the image ${code.containerUri}`)
        return sandbox.start({ ...spec, program: { imageId: code.imageId } })
      },
    }
  }
  const { sandbox, interpreters, codePackages } = world
  return {
    sandbox,
    async start(spec) {
      const interpreter = await interpreters.find(code.runtime)
      if (!interpreter || codeSha256 === undefined) throw cannotRun(code.runtime)
      const { language, path } = interpreter
      return sandbox.start({
        ...spec,
        program: { codeDir: codePackages.dir(codeSha256), language, interpreter: path, args: interpreterArguments(code.entryPoint) },
      })
    },
  }
}

function cannotRun(what: string): ServiceError {
  return new ServiceError('RuntimeClientError', `This host cannot run ${what} any more. \`agentworks doctor\` names what is missing.`)
}

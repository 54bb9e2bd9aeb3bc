// filesystemConfigurations: where a session's storage is mounted. Other file systems are AWS's own and are refused by name.
import type { CreateAgentRuntimeRequest } from '@agentworks/model'
import { invalid, unsupportedMember } from '#kernel/errors.js'

type Configurations = CreateAgentRuntimeRequest['filesystemConfigurations']

/** Mount paths without a closing slash; undefined when the runtime has no storage. */
export function storageMountsOf(configurations: Configurations): string[] | undefined {
  if (!configurations?.length) return undefined
  const seen = new Set<string>()
  return configurations.map((configuration, index) => {
    const field = `filesystemConfigurations[${index}]`
    const [kind = ''] = Object.keys(configuration)
    if (kind !== 'sessionStorage' || !configuration.sessionStorage)
      throw unsupportedMember(`${field}.${kind}`, 'there are no S3 Files, EFS or bucket mounts here; use sessionStorage.')
    const mountPath = configuration.sessionStorage.mountPath.replace(/\/$/, '')
    if (/\/\.{1,2}$/.test(mountPath)) throw invalid(`${field}.sessionStorage.mountPath`, `"${mountPath}" names no folder below /mnt`)
    if (seen.has(mountPath)) throw invalid(`${field}.sessionStorage.mountPath`, `"${mountPath}" is the mount path of another configuration too`)
    seen.add(mountPath)
    return mountPath
  })
}

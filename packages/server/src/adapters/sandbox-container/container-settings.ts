// What a session's container is made with. The image keeps its command, user and working folder; its rights are ours to give.
import { existsSync } from 'node:fs'
import { resolverAddress } from '#adapters/egress/resolver.js'
import type { ImageProgram, InstanceSpec } from '#ports/sandbox.js'
import type { StorageBind } from './container-storage.js'

export interface ContainerSizes {
  tmpBytes: number
  sharedMemoryBytes: number
  /** What the agent may write to the image's file system, where the storage driver can bound it. */
  writableBytes: number
}

const GiB = 2 ** 30

/** As at level bubblewrap. */
export const containerSizes: ContainerSizes = {
  tmpBytes: GiB / 2,
  sharedMemoryBytes: GiB / 16,
  writableBytes: GiB,
}

/** By these a platform finds its own containers again, and no others. */
export const labels = { owner: 'agentworks.runtime-dir', instance: 'agentworks.instance', network: 'agentworks.network' } as const

/** Of an agent's container by its instance, of one that holds a network by its name. */
export const containerName = (id: string) => `agentworks-${id}`

/** Engines without CAP_SYS_RESOURCE cannot raise their own limits, and their default is above them: then nothing starts. */
const openFiles = 4096
const processesOfUser = 16_384
const ulimits = [
  { Name: 'nofile', Soft: openFiles, Hard: openFiles },
  { Name: 'core', Soft: 0, Hard: 0 },
  // Podman's default is four million. Counted for all of a user; PidsLimit is what bounds a session.
  { Name: 'nproc', Soft: processesOfUser, Hard: processesOfUser },
]

export interface SettingsInput {
  spec: InstanceSpec<ImageProgram>
  runtimeDir: string
  sizes: ContainerSizes
  /** As the engine calls it: the network of another container. */
  network: string
  /** False where the storage driver cannot bound what is written. */
  boundsWrites: boolean
  /** Where the session's storage lies on the host now, and where its agent wants it. */
  storage?: readonly StorageBind[]
  /** Host folders to see, for the probe of `doctor`; agents get none. */
  readOnly?: readonly string[]
  command?: readonly string[]
}

export function containerSettings({ spec, runtimeDir, sizes, network, boundsWrites, storage = [], readOnly = [], command }: SettingsInput): object {
  const { memoryBytes, cpus, pids } = spec.limits
  const cpuPeriod = 100_000
  return {
    Image: spec.program.imageId,
    ...(command && { Entrypoint: command }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { [labels.owner]: runtimeDir, [labels.instance]: spec.place.instanceId },
    HostConfig: {
      NetworkMode: network,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      // Not NanoCpus, which the engine refuses on a host with fewer processors.
      CpuPeriod: cpuPeriod,
      CpuQuota: Math.round(cpus * cpuPeriod),
      PidsLimit: pids,
      Ulimits: ulimits,
      // `exec`: some tools compile to /tmp and load it from there.
      Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${sizes.tmpBytes}` },
      ShmSize: sizes.sharedMemoryBytes,
      ...(boundsWrites && { StorageOpt: { size: String(sizes.writableBytes) } }),
      Binds: readOnly.map((path) => `${path}:${path}:ro`),
      // Private: what is unmounted on the host stays in the container.
      Mounts: storage.map(({ source, target }) => ({ Type: 'bind', Source: source, Target: target, BindOptions: { Propagation: 'rprivate' } })),
      // The engine keeps no copy of the output: it would grow on its disk without a limit.
      LogConfig: { Type: 'none' },
      RestartPolicy: { Name: 'no' },
    },
  }
}

/** Its host name, hosts and resolver are those of the container that joins its network. */
export function holderSettings({ imageId, name, runtimeDir, readOnly }: HolderSettings): object {
  return {
    Image: imageId,
    Entrypoint: ['/bin/sleep', '2147483647'],
    Hostname: 'agent',
    Labels: { [labels.owner]: runtimeDir, [labels.network]: name },
    HostConfig: {
      // A loopback and nothing else: no bridge, no port, no rule of the engine's.
      NetworkMode: 'none',
      Dns: [resolverAddress],
      ...(existsSync('/proc/net/if_inet6') && { Sysctls: { 'net.ipv6.conf.lo.disable_ipv6': '0' } }),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 16 << 20,
      PidsLimit: 8,
      Ulimits: ulimits,
      ReadonlyRootfs: true,
      Binds: readOnly.map((path) => `${path}:${path}:ro`),
      LogConfig: { Type: 'none' },
      RestartPolicy: { Name: 'no' },
    },
  }
}

interface HolderSettings {
  imageId: string
  name: string
  runtimeDir: string
  readOnly: readonly string[]
}

// Which file of the kernel keeps which limit. Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
import type { InstanceLimits } from '#ports/sandbox.js'
import type { Controller } from './own-groups.js'

export interface LimitFile {
  name: string
  value: string
  /** Not every kernel has it; where it is missing there is nothing to limit by it. */
  optional?: boolean
}

const periodMicroseconds = 100_000

export function limitFiles(version: 1 | 2, controller: Controller, limits: InstanceLimits): LimitFile[] {
  const quota = String(Math.max(1_000, Math.round(limits.cpus * periodMicroseconds)))
  const memory = String(limits.memoryBytes)
  const files: Record<1 | 2, Record<Controller, LimitFile[]>> = {
    1: {
      // Memory and swap together come second: the kernel refuses them below memory alone.
      memory: [
        { name: 'memory.limit_in_bytes', value: memory },
        { name: 'memory.memsw.limit_in_bytes', value: memory, optional: true },
      ],
      cpu: [
        { name: 'cpu.cfs_period_us', value: String(periodMicroseconds) },
        { name: 'cpu.cfs_quota_us', value: quota },
      ],
      pids: [{ name: 'pids.max', value: String(limits.pids) }],
    },
    2: {
      memory: [
        { name: 'memory.max', value: memory },
        { name: 'memory.swap.max', value: '0', optional: true },
      ],
      cpu: [{ name: 'cpu.max', value: `${quota} ${periodMicroseconds}` }],
      pids: [{ name: 'pids.max', value: String(limits.pids) }],
    },
  }
  return files[version][controller]
}

/** Where the kernel counts the processes that it ended for want of memory, as a line `oom_kill N`. */
export const outOfMemoryFile = { 1: 'memory.oom_control', 2: 'memory.events' } as const

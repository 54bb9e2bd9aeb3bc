// How one session's limits are kept: by control groups, or what can be had without them.
import { writeFile } from 'node:fs/promises'
import { constants, release } from 'node:os'
import type { ControlGroup, ControlGroups } from '#adapters/cgroups/control-groups.js'
import type { InstanceExit, InstanceLimits } from '#ports/sandbox.js'

/** All of the session descends from its first process, which waits for us. */
export async function putUnderLimits(group: ControlGroup, firstPid: number): Promise<void> {
  await group.join(firstPid)
  // When the host itself runs out of memory, its kernel takes an agent before it takes the platform.
  await writeFile(`/proc/${firstPid}/oom_score_adj`, '500').catch(() => {})
}

/** Which limit has ended the session, in the words for its owner. */
export async function limitThatEnded(group: ControlGroup, { code, signal }: InstanceExit): Promise<string | undefined> {
  const killed = code === 128 + constants.signals.SIGKILL || signal === 'SIGKILL'
  return killed && (await group.ranOutOfMemory()) ? `out of memory: limit ${Math.round(group.limits.memoryBytes / 2 ** 20)} MiB` : undefined
}

/** The limit of processes where no control group keeps it: as one of the session's user in its own user namespace. */
export function processesOfUser({ missing }: ControlGroups, limits: InstanceLimits): number | undefined {
  return countsByNamespace && missing.some(({ controller }) => controller === 'pids') ? limits.pids : undefined
}

/** What no means of this host keeps. */
export function missingLimits({ missing }: ControlGroups): ControlGroups['missing'] {
  return countsByNamespace ? missing.filter(({ controller }) => controller !== 'pids') : missing
}

// Before Linux 5.14 the kernel counted all processes of a user together, whatever their namespace: the limit of one session would be
// that of all.
const [major = 0, minor = 0] = release()
  .split('.')
  .map((part) => Number.parseInt(part, 10))
const countsByNamespace = major > 5 || (major === 5 && minor >= 14)

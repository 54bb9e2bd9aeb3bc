// What holds on this host, tried without a running platform.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { hostInterpreters } from '#adapters/interpreters.js'
import { runtimeBase } from '#adapters/runtime-dir.js'
import { sessionVolumes } from '#adapters/session-storage/volumes.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { EngineAvailability } from '#ports/images.js'
import type { CodeRuntime } from '#ports/interpreters.js'
import type { Guarantee, IsolationLevel } from '#ports/sandbox.js'
import { runtimeLimits } from '#services/runtime/index.js'
import { readConfig } from './config.js'
import { chooseSandbox } from './isolation.js'
import { hostContainers, hostSandboxes } from './sandboxes.js'

export interface ContainerReport {
  /** The engine that runs images, or why none does and what mends it. */
  engine: EngineAvailability
  guarantees: Guarantee[]
}

export interface DoctorReport {
  isolation: IsolationLevel
  weakened: { reason: string; fix?: string } | undefined
  guarantees: Guarantee[]
  containers: ContainerReport
  interpreters: { runtime: CodeRuntime; version: string | undefined; exact: boolean; fix?: string }[]
}

const codeRuntimes: readonly CodeRuntime[] = ['NODE_22', 'PYTHON_3_10', 'PYTHON_3_11', 'PYTHON_3_12', 'PYTHON_3_13', 'PYTHON_3_14']

export async function doctor({ env }: { env: Readonly<Record<string, string | undefined>> }): Promise<DoctorReport> {
  const runtimeDir = mkdtempSync(join(runtimeBase(env, tmpdir()), 'aw-doctor-'))
  try {
    const { isolation, egress: settings } = readConfig(env)
    const world = { runtimeDir, clock: systemClock, ids: randomIds }
    const egress = hostEgress({ ...world, settings })
    const { sandbox, weakened } = await chooseSandbox(isolation, hostSandboxes({ ...world, egress }))
    const storage = sandbox.takesStorage ? await sessionVolumes({ dir: runtimeDir, bytes: runtimeLimits.storageBytes }).probe() : []
    const guarantees = [...(await sandbox.probe()), ...storage]
    await sandbox.close()
    const images = hostContainers({ env, ...world, egress })
    const containers = await containerReport(images)
    await images.sandbox.close()
    await egress.close()
    return { isolation: sandbox.level, weakened, guarantees, containers, interpreters: await interpretersOf(env) }
  } finally {
    rmSync(runtimeDir, { recursive: true, force: true })
  }
}

export async function containerReport({ sandbox, images }: ReturnType<typeof hostContainers>): Promise<ContainerReport> {
  const engine = await images.available()
  return { engine, guarantees: engine.ok ? await sandbox.probe() : [] }
}

async function interpretersOf(env: Readonly<Record<string, string | undefined>>): Promise<DoctorReport['interpreters']> {
  const interpreters = hostInterpreters({ path: env.PATH ?? '', homeDir: env.HOME ?? '/', nodePath: process.execPath })
  return Promise.all(
    codeRuntimes.map(async (runtime) => {
      const found = await interpreters.find(runtime)
      if (found) return { runtime, version: found.version, exact: found.exact }
      return { runtime, version: undefined, exact: false, fix: 'apt-get install python3' }
    }),
  )
}

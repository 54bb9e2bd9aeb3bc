// Tries each guarantee in a throw-away container that is started as an agent's is. What the probe runs on is the host's own, read-only.
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { guestPrograms } from '@agentworks/guest'
import type { Egress } from '#adapters/egress/egress.js'
import { internet } from '#adapters/egress/guarantee.js'
import { answering } from '#adapters/sandbox/answering.js'
import { writeReadable } from '#adapters/sandbox/readable.js'
import type { Ids } from '#kernel/ids.js'
import type { Guarantee, ImageProgram, Instance, InstanceLimits, InstancePlace, InstanceSpec, Sandbox } from '#ports/sandbox.js'
import { refusesBound } from './create-container.js'
import { emptyImage, hostPrograms } from './empty-image.js'
import type { Engine } from './engine.js'
import type { StartSetting } from './sandbox.js'

export interface ProbeInput {
  sandbox: Sandbox<ImageProgram>
  start(setting: Omit<StartSetting, 'sizes'>, spec: InstanceSpec<ImageProgram>): Promise<Instance>
  engine: Engine
  ids: Ids
  egress: Egress
}

const deadlineMs = 20_000
const works = 'containers work'

/** The promises of this level among those that the probe tries; an image's own files may be written. */
const promised = [
  'own process namespace',
  'host files out of sight',
  'host loopback out of reach',
  'no capabilities, no new privileges',
  'no new user namespace',
  'temporary folder is bounded',
  'platform reachable from inside',
  'memory is limited',
  'processor time is limited',
  'processes are limited',
]

// Small enough to run into each within a second.
const limits: InstanceLimits = { memoryBytes: 256 << 20, cpus: 0.5, pids: 96 }

export async function probeContainers(input: ProbeInput): Promise<Guarantee[]> {
  const { sandbox, ids } = input
  const place = await sandbox.prepare(`probe-${ids.alphanumeric(10).toLowerCase()}`)
  const servers = await Promise.all([answering({ path: place.platformSocketPath }), answering({ host: '127.0.0.1', port: 0 })])
  try {
    const findings = await probeInside(input, place, (servers[1].address() as AddressInfo).port)
    return [...findings, writesBounded(input.engine), internet(await input.egress.missing())]
  } catch (cause) {
    await sandbox.discard(place)
    return [{ name: works, holds: false, detail: cause instanceof Error ? cause.message : String(cause) }]
  } finally {
    for (const server of servers) server.close()
  }
}

/** The engine's storage driver decides, and tells only when a container is made. */
function writesBounded(engine: Engine): Guarantee {
  const name = 'what an agent writes to its image is bounded'
  if (!refusesBound(engine))
    return { name, holds: true, detail: 'the storage driver takes StorageOpt size: a full file system ends no other session' }
  return {
    name,
    holds: false,
    detail:
      'the storage driver refuses StorageOpt size, so an agent can fill the disk of the engine; /tmp, /dev/shm and session storage have their bounds',
    fix: "put the engine's data-root on xfs mounted with pquota (overlay2), or use its btrfs or zfs driver",
  }
}

async function probeInside({ start, engine }: ProbeInput, place: InstancePlace, hostPort: number): Promise<Guarantee[]> {
  const hostFile = `${dirname(place.platformSocketPath)}/host-file`
  await writeReadable(hostFile, 'of the host')
  const said: string[] = []
  const readOnly = [...hostPrograms(), process.execPath, guestPrograms.dir]
  const instance = await start(
    { readOnly, command: [process.execPath, guestPrograms.probe] },
    {
      place,
      program: { imageId: await emptyImage(engine) },
      env: {
        ...{ HOST_FILE: hostFile, HOST_PID: String(process.pid), HOST_PORT: String(hostPort), PATH: '/usr/bin' },
        LIMITS: JSON.stringify({ memory: limits.memoryBytes, cpu: limits.cpus, pids: limits.pids }),
      },
      networkMode: 'PUBLIC',
      limits,
      port: 8080,
      onOutput: (_stream, line) => said.push(line),
    },
  )
  const outOfTime = setTimeout(() => void instance.stop(0), deadlineMs)
  const exit = await instance.exited
  clearTimeout(outOfTime)
  const findings = readFindings(said)
  if (findings) return findings.filter(({ name }) => promised.includes(name))
  return [{ name: works, holds: false, detail: `the probe ended with ${exit.code ?? exit.signal}: ${said.join('; ')}` }]
}

function readFindings(said: string[]): Guarantee[] | undefined {
  try {
    return JSON.parse(said.find((line) => line.startsWith('[{')) ?? '') as Guarantee[]
  } catch {
    return undefined
  }
}

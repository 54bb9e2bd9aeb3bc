// Tries each guarantee on this host, in a throw-away sandbox made by the same code that starts agents.
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { guestPrograms } from '@agentworks/guest'
import type { ControlGroups } from '#adapters/cgroups/control-groups.js'
import { type Controller, controllers } from '#adapters/cgroups/own-groups.js'
import { internet } from '#adapters/egress/guarantee.js'
import type { Missing } from '#adapters/egress/tools.js'
import { answering } from '#adapters/sandbox/answering.js'
import { writeReadable } from '#adapters/sandbox/readable.js'
import { shellsWork } from '#adapters/sandbox/terminal-library.js'
import type { Ids } from '#kernel/ids.js'
import type { Guarantee, InstanceLimits, InstancePlace, Sandbox } from '#ports/sandbox.js'

const deadlineMs = 15_000

interface ProbeFacts {
  ids: Ids
  userReason: string | undefined
  missingLimits: ControlGroups['missing']
  missingEgress: Missing | undefined
}

// Small enough to run into each within a second, large enough for two Node processes.
const probeLimits: InstanceLimits = { memoryBytes: 256 << 20, cpus: 0.5, pids: 96 }

export async function probeBubblewrap(sandbox: Sandbox, { ids, userReason, missingLimits, missingEgress }: ProbeFacts): Promise<Guarantee[]> {
  const place = await sandbox.prepare(`probe-${ids.alphanumeric(10)}`)
  const servers = await Promise.all([answering({ path: place.platformSocketPath }), answering({ host: '127.0.0.1', port: 0 })])
  try {
    const tried = controllers.filter((controller) => !missingLimits.some((missing) => missing.controller === controller))
    const findings = await probeInside(sandbox, place, { hostPort: (servers[1].address() as AddressInfo).port, tried })
    return [...findings, ...missingLimits.map(missingLimit), ownUser(userReason), await shellsWork(), internet(missingEgress)]
  } catch (cause) {
    await sandbox.discard(place)
    return [{ name: 'bubblewrap works', holds: false, detail: cause instanceof Error ? cause.message : String(cause) }]
  } finally {
    for (const server of servers) server.close()
  }
}

async function probeInside(
  sandbox: Sandbox,
  place: InstancePlace,
  { hostPort, tried }: { hostPort: number; tried: Controller[] },
): Promise<Guarantee[]> {
  const hostFile = `${dirname(place.platformSocketPath)}/host-file`
  await writeReadable(hostFile, 'of the host')
  const env = { EXPECTED_NAMES: '', HOST_FILE: hostFile, HOST_PID: String(process.pid), HOST_PORT: String(hostPort), LIMITS: limitsToTry(tried) }
  env.EXPECTED_NAMES = [...Object.keys(env), 'AGENTWORKS_PING_SOCKET', 'HOME', 'LANG', 'PATH', 'PWD', 'TZ'].sort().join(' ')
  const said: string[] = []
  const instance = await sandbox.start({
    place,
    program: { codeDir: guestPrograms.dir, language: 'node', interpreter: process.execPath, args: ['probe.cjs'] },
    env,
    networkMode: 'PUBLIC',
    limits: probeLimits,
    port: 8080,
    onOutput: (_stream, line) => said.push(line),
  })
  const outOfTime = setTimeout(() => void instance.stop(0), deadlineMs)
  const exit = await instance.exited
  clearTimeout(outOfTime)
  return (
    readFindings(said) ?? [{ name: 'bubblewrap works', holds: false, detail: `the probe ended with ${exit.code ?? exit.signal}: ${said.join('; ')}` }]
  )
}

function readFindings(said: string[]): Guarantee[] | undefined {
  try {
    return JSON.parse(said.find((line) => line.startsWith('[{')) ?? '') as Guarantee[]
  } catch {
    return undefined
  }
}

function limitsToTry(tried: readonly Controller[]): string {
  const values: Record<Controller, number> = { memory: probeLimits.memoryBytes, cpu: probeLimits.cpus, pids: probeLimits.pids }
  return JSON.stringify(Object.fromEntries(tried.map((controller) => [controller, values[controller]])))
}

const limitNames: Record<Controller, string> = { memory: 'memory is limited', cpu: 'processor time is limited', pids: 'processes are limited' }

function missingLimit({ controller, reason }: ControlGroups['missing'][number]): Guarantee {
  const fix =
    'run the platform as root, or as a service of your own with the group handed over: systemd-run --user --scope -p Delegate=yes npx agentworks start'
  return { name: limitNames[controller], holds: false, detail: `one session can use up the host: ${reason}`, fix }
}

function ownUser(reason: string | undefined): Guarantee {
  const name = 'a host user of its own for each session'
  if (reason === undefined) return { name, holds: true, detail: 'sessions own nothing on this host' }
  return { name, holds: false, detail: reason, fix: 'apt-get install util-linux, and run the platform as root or in a user of its own' }
}

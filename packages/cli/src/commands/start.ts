// start: the platform in the foreground, with the factory on it, until it is told to stop.

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PlatformAccess } from '@agentworks/factory'
import { type Platform, type StartOptions as PlatformOptions, startPlatform } from '@agentworks/server'
import { runningPlatform } from '#core/data-folder.js'
import { asFailure, Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { offerBubblewrap } from './offer-bubblewrap.js'

/** Where `npx` finds this command. */
const repository = resolve(import.meta.dirname, '../../../..')

export interface StartOptions {
  port: number
  host: string
  tls?: boolean
  tlsPort?: number
  tlsCert?: string
  tlsKey?: string
  /** Where the platform's own calls may go beside the open internet. */
  allowEgress?: readonly string[]
  prove?: boolean
  /** False: the platform alone, without its builder. */
  factory?: boolean
}

export async function start(invoked: Invoked, options: StartOptions): Promise<void> {
  const { port, host, allowEgress = [], prove = false, factory = true } = options
  const { world, out, dataDir } = invoked
  const tls = tlsOptions(options, world.cwd)
  await offerBubblewrap(invoked)
  if (!isLoopback(host))
    out.note(`warning: --host ${host} opens the platform to everyone who reaches this address; every request still needs a signature`)
  // A person's terminal is for what matters to them; AGENTWORKS_LOG_LEVEL=info tells every step.
  const allowed = [world.env.AGENTWORKS_ALLOW_EGRESS, ...allowEgress].filter(Boolean).join(',')
  const env = { AGENTWORKS_LOG_LEVEL: 'warn', ...world.env, AGENTWORKS_ALLOW_EGRESS: allowed }
  const platform = await startPlatform({ dataDir, host, port, tls, env }).catch(async (error: unknown) => {
    throw (await usedFolder(error, dataDir)) ?? error
  })
  try {
    announce(invoked, platform)
    const access = { endpoint: platform.url, region: platform.region, credentials: platform.accessKey }
    if (factory) await prepareFactory(invoked, { access, prove })
    if (!world.stopped.aborted) await howToGoOn(invoked, { access, factory })
    await stopped(world.stopped)
    out.note('stopping…')
  } finally {
    await platform.stop()
  }
  out.note(`stopped; data stays in ${dataDir}`)
}

/** One of the flags with a value is wish enough. */
function tlsOptions({ port, tls, tlsPort, tlsCert, tlsKey }: StartOptions, cwd: string): PlatformOptions['tls'] {
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [given, missing] = tlsCert === undefined ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key']
    throw wrongUsage(`${given} without ${missing}: a certificate works with its private key only`, `add ${missing} FILE`)
  }
  if (!tls && tlsPort === undefined && tlsCert === undefined) return undefined
  const own = tlsCert !== undefined && tlsKey !== undefined ? { certPath: resolve(cwd, tlsCert), keyPath: resolve(cwd, tlsKey) } : undefined
  return { port: tlsPort ?? (port === 0 ? 0 : port + 1), own }
}

/** Who has the folder, as a person can act on it. */
async function usedFolder(error: unknown, dataDir: string): Promise<Failure | undefined> {
  if (!(error instanceof Error && 'code' in error && error.code === 'in-use')) return undefined
  const first = await runningPlatform(dataDir)
  return new Failure(`the data folder ${dataDir} is in use`, {
    cause: error,
    why: first ? `process ${first.pid} serves it at ${first.url} since ${first.startedAt}` : 'a platform is just starting on it',
    fix: `${first ? `kill ${first.pid}` : 'wait for that one'}, or agentworks start --data-dir DIR --port 0`,
  })
}

function announce({ out, dataDir }: Invoked, { url, tls, region, isolation, weakened, modelProvider }: Platform): void {
  out.document({ url, tls, region, isolation, weakened, modelProvider, dataDir })
  // Scripts wait for exactly this line.
  out.line(`agentworks ready on ${url}`)
  if (tls) {
    out.line(`tls: ${tls.url}, ${tls.authority ? 'authority' : 'certificate'} with SHA-256 fingerprint ${tls.fingerprint}`)
    if (tls.authority) out.line(`trust: ${tls.authority.path} (for your clients: ${out.spell('agentworks env --tls')})`)
  }
  out.line(`model: ${modelProvider.name} (${modelProvider.reason})`)
  out.line(`isolation: ${isolation}${weakened ? ` - agents are NOT isolated from this machine: ${weakened.reason}` : ''}`)
  if (weakened?.fix) out.line(`fix: ${weakened.fix}`)
  out.line(`data: ${dataDir} (keys and the admin token are in it, for your user alone)`)
}

/** A platform without its builder still serves every client, so a failure here is told and does not end it. */
async function prepareFactory(invoked: Invoked, { access, prove }: { access: PlatformAccess; prove: boolean }): Promise<void> {
  const { out, dataDir } = invoked
  try {
    // With its clients of AWS it is 15 MB that a platform without a factory need not hold.
    const { installFactory } = await import('@agentworks/factory')
    await installFactory({ ...access, log: (line) => out.note(line) })
    if (prove && !existsSync(proofMark(dataDir))) {
      out.line('')
      out.line('proving the main job once, on the offline model:')
      const { showProof } = await import('./proof.js')
      await showProof(invoked, access)
      await writeFile(proofMark(dataDir), `${new Date().toISOString()}\n`, { mode: 0o600 })
      out.line('proved')
    }
  } catch (error) {
    const { message, why } = asFailure(error)
    out.note(`error: the factory is not ready: ${message}${why ? ` (${why})` : ''}`)
    out.note(out.spell('fix: agentworks doctor; agentworks logs builder'))
  }
}

async function howToGoOn({ out }: Invoked, { access, factory }: { access: PlatformAccess; factory: boolean }): Promise<void> {
  const greeter = factory && (await isDeployed(access, 'GreeterBot'))
  const ways = [
    ...(factory ? [['agentworks chat', 'talk to the builder: "Create an agent called GreeterBot that welcomes users"']] : []),
    ...(greeter ? [['agentworks invoke GreeterBot "Hello!"', 'ask the agent that the builder made']] : []),
    ['eval "$(agentworks env)"', 'then any AWS SDK, boto3 or the aws command works against this platform'],
  ].map(([command = '', what = '']) => [out.spell(command), what] as const)
  const width = Math.max(...ways.map(([command]) => command.length))
  out.line('')
  out.line(`go on, in another terminal (from any folder: npx --prefix ${repository} agentworks …):`)
  for (const [command, what] of ways) out.line(`  ${command.padEnd(width)}   ${what}`)
}

async function isDeployed(access: PlatformAccess, name: string): Promise<boolean> {
  const [{ platformClients }, { findRuntime }] = await Promise.all([import('@agentworks/factory'), import('@agentworks/sdk/agent-runtimes')])
  const clients = platformClients(access)
  try {
    return (await findRuntime(clients.control, name))?.status === 'READY'
  } finally {
    clients.destroy()
  }
}

function proofMark(dataDir: string): string {
  return join(dataDir, 'main-job-proved')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

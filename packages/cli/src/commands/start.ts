// start: the platform in the foreground, with the factory on it, until it is told to stop.

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installFactory, type PlatformAccess } from '@agentworks/factory'
import { type Platform, startPlatform } from '@agentworks/server'
import { asFailure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { offerBubblewrap } from './offer-bubblewrap.js'
import { showProof } from './proof.js'

export interface StartOptions {
  port: number
  host: string
  prove?: boolean
  /** False: the platform alone, without its builder. */
  factory?: boolean
}

export async function start(invoked: Invoked, { port, host, prove = false, factory = true }: StartOptions): Promise<void> {
  const { world, out, dataDir } = invoked
  await offerBubblewrap(invoked)
  if (!isLoopback(host))
    out.note(`warning: --host ${host} opens the platform to everyone who reaches this address; every request still needs a signature`)
  const platform = await startPlatform({ dataDir, host, port, env: world.env })
  try {
    announce(invoked, platform)
    if (factory) await prepareFactory(invoked, { platform, prove })
    if (!world.stopped.aborted) howToGoOn(invoked)
    await stopped(world.stopped)
  } finally {
    await platform.stop()
  }
}

function announce({ out, dataDir }: Invoked, { url, region, isolation, weakened, modelProvider }: Platform): void {
  out.document({ url, region, isolation, weakened, modelProvider, dataDir })
  // Scripts wait for exactly this line.
  out.line(`agentworks ready on ${url}`)
  out.line(`model: ${modelProvider.name} (${modelProvider.reason})`)
  out.line(`isolation: ${isolation}${weakened ? ` - agents are NOT isolated from this machine: ${weakened.reason}` : ''}`)
  if (weakened?.fix) out.line(`fix: ${weakened.fix}`)
  out.line(`data: ${dataDir} (keys and the admin token are in it, for your user alone)`)
}

/** A platform without its builder still serves every client, so a failure here is told and does not end it. */
async function prepareFactory(invoked: Invoked, { platform, prove }: { platform: Platform; prove: boolean }): Promise<void> {
  const { out, dataDir } = invoked
  const access: PlatformAccess = { endpoint: platform.url, region: platform.region, credentials: platform.accessKey }
  try {
    await installFactory({ ...access, log: (line) => out.note(line) })
    if (prove && !existsSync(proofMark(dataDir))) {
      out.line('')
      out.line('proving the main job once, on the offline model:')
      await showProof(invoked, access)
      await writeFile(proofMark(dataDir), `${new Date().toISOString()}\n`, { mode: 0o600 })
      out.line('proved')
    }
  } catch (error) {
    const { message, why } = asFailure(error)
    out.note(`error: the factory is not ready: ${message}${why ? ` (${why})` : ''}`)
    out.note('fix: agentworks doctor; agentworks logs builder')
  }
}

function howToGoOn({ out }: Invoked): void {
  out.line('')
  out.line('go on, in another terminal:')
  out.line('  npx agentworks chat                       talk to the builder: "Create an agent called GreeterBot that welcomes users"')
  out.line('  npx agentworks invoke GreeterBot "Hello!"')
  out.line('  eval "$(npx agentworks env)"              then any AWS SDK, boto3 or the aws command works against this platform')
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

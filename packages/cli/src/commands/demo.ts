// demo: the main job from nothing: a throw-away data folder, a free port, the offline model.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installFactory } from '@agentworks/factory'
import { startPlatform } from '@agentworks/server'
import { asFailure, Failure } from '#core/failure.js'
import type { Environment, Invoked } from '#core/invoked.js'
import { showProof } from './proof.js'

export async function demo(invoked: Invoked): Promise<void> {
  const { world, out } = invoked
  const startedAt = performance.now()
  const dataDir = await mkdtemp(join(tmpdir(), 'agentworks-demo-'))
  try {
    const platform = await startPlatform({ dataDir, host: '127.0.0.1', port: 0, env: offlineOnly(world.env) })
    try {
      out.line(`platform on ${platform.url}, isolation ${platform.isolation}, model ${platform.modelProvider.name}`)
      const access = { endpoint: platform.url, region: platform.region, credentials: platform.accessKey }
      await installFactory({ ...access, log: (line) => out.note(line) })
      const transcript = await showProof(invoked, access, { withMemory: true })
      const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(1))
      out.document({ passed: true, seconds, isolation: platform.isolation, transcript })
      out.line(`passed in ${seconds} s: from a sentence to agents that answer from sessions of their own`)
    } finally {
      await platform.stop()
    }
  } catch (error) {
    const { message, why } = asFailure(error)
    throw new Failure(`the demo failed: ${message}`, { why, fix: 'agentworks doctor', cause: error })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A key that happens to be there is never spent; the transcript is what the reader wants to see. */
function offlineOnly(env: Environment): Environment {
  return { AGENTWORKS_LOG_LEVEL: 'warn', ...env, AGENTWORKS_MODEL: 'offline' }
}

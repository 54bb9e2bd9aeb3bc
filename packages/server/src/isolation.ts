// Which sandbox this host gets: what was asked for or nothing; without a wish, the strongest that works.
import type { IsolationLevel, Sandbox } from '#ports/sandbox.js'
import { type Config, ConfigError } from './config.js'

export interface ChosenSandbox {
  sandbox: Sandbox
  /** Set when the level is weaker than this platform has: why, and the command that mends it. */
  weakened?: { reason: string; fix?: string }
}

export interface Sandboxes {
  bubblewrap(): Sandbox
  process(): Sandbox
  bubblewrapAvailable(): Promise<{ ok: true } | { ok: false; reason: string; fix?: string }>
}

export async function chooseSandbox(wish: Config['isolation'], sandboxes: Sandboxes): Promise<ChosenSandbox> {
  if (wish === 'process') return { sandbox: sandboxes.process(), weakened: { reason: 'AGENTWORKS_ISOLATION=process was set' } }
  const available = await sandboxes.bubblewrapAvailable()
  if (available.ok) return { sandbox: sandboxes.bubblewrap() }
  if (wish === ('bubblewrap' satisfies IsolationLevel)) {
    throw new ConfigError(
      `AGENTWORKS_ISOLATION=bubblewrap, but it does not work on this host: ${available.reason}.${available.fix ? ` To mend it: ${available.fix}` : ''}`,
    )
  }
  return { sandbox: sandboxes.process(), weakened: available }
}

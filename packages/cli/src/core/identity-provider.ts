// The built-in identity provider as the other commands find it: beside the platform, in the data folder.
import { join } from 'node:path'
import { openState, type State } from '@agentworks/identity-provider'
import { runningProcess } from './data-folder.js'
import { Failure } from './failure.js'
import type { Invoked } from './invoked.js'

export const providerFolder = (dataDir: string) => join(dataDir, 'identity-provider')

/** Who runs it, and where it answers. */
export const providerNote = (dataDir: string) => join(providerFolder(dataDir), 'running')

export async function runningProvider({ dataDir }: Invoked): Promise<{ url: string }> {
  const running = await runningProcess(providerNote(dataDir))
  if (running) return running
  throw new Failure('no identity provider runs', {
    why: `nothing holds ${providerFolder(dataDir)}`,
    fix: 'agentworks identity provider start   (in another terminal)',
  })
}

/** Users and clients, whether it runs or not. */
export async function withProviderState<Result>({ dataDir }: Invoked, work: (state: State) => Result | Promise<Result>): Promise<Result> {
  const state = openState(providerFolder(dataDir))
  try {
    return await work(state)
  } finally {
    state.close()
  }
}

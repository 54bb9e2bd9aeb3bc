// identity provider start: OpenID Connect on loopback, for trying things out.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { startIdentityProvider } from '@agentworks/identity-provider'
import { processStart, runningProcess } from '#core/data-folder.js'
import { Failure } from '#core/failure.js'
import { providerFolder, providerNote } from '#core/identity-provider.js'
import type { Invoked } from '#core/invoked.js'

export async function startProvider({ world, out, dataDir }: Invoked, { port }: { port: number }): Promise<void> {
  const note = providerNote(dataDir)
  const first = await runningProcess(note)
  if (first) {
    throw new Failure(`the identity provider of ${dataDir} runs already`, {
      why: `process ${first.pid} serves it at ${first.url} since ${first.startedAt}`,
      fix: `kill ${first.pid}, or name another folder with --data-dir`,
    })
  }
  await mkdir(providerFolder(dataDir), { recursive: true, mode: 0o700 })
  const provider = await startIdentityProvider({
    dir: providerFolder(dataDir),
    port,
    onFault: (message) => out.note(`error: the identity provider: ${message}`),
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new Failure(`something else listens on port ${port}`, {
      why: 'the identity provider of another data folder, or another program',
      fix: 'agentworks identity provider start --port 0   (takes a free one)',
      cause: error,
    })
  })
  try {
    const { url } = provider
    const about = { pid: process.pid, processStart: await processStart(process.pid), startedAt: new Date().toISOString(), url }
    await writeFile(note, JSON.stringify(about), { mode: 0o600 })
    out.document({ url, discoveryUrl: `${url}/.well-known/openid-configuration`, dataDir })
    // Scripts wait for exactly this line.
    out.line(`identity provider ready on ${url}`)
    out.line(`discovery: ${url}/.well-known/openid-configuration`)
    out.line('It is for trying things out on this machine: its users are made up, and it guards nothing real.')
    out.line(out.spell('go on, in another terminal: agentworks identity provider setup'))
    if (!world.stopped.aborted) await new Promise<void>((resolve) => world.stopped.addEventListener('abort', () => resolve(), { once: true }))
  } finally {
    await rm(note, { force: true })
    await provider.stop()
  }
}

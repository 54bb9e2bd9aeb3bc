import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { sandboxContract } from '#ports/sandbox.contract.js'
import type { Sandbox } from '#ports/sandbox.js'
import { engineMissing, startTestEngine, type TestEngine } from './docker.fixture.js'
import { hostEngine } from './host-engine.js'
import { containerSandbox } from './sandbox.js'

const missing = engineMissing()
// Each test builds and starts several containers: seconds on a machine that does nothing else, and it does.
vi.setConfig({ testTimeout: 180_000 })

describe('the container sandbox', () => {
  if (missing) return it('keeps the contract', ({ skip }) => skip(missing))
  let engine: TestEngine
  beforeAll(async () => {
    engine = await startTestEngine()
  }, 60_000)
  afterAll(() => engine.stop(), 60_000)

  sandboxContract({
    open: (runtimeDir) => codeAsImages(runtimeDir, () => engine),
    node: { language: 'node', path: '/usr/bin/node', version: process.versions.node, exact: true },
    python: undefined,
    exceptions: { 'cannot change its code': 'an image brings its own files, which are the session’s own copy' },
    addedVariables: () => ['HOME', 'HOSTNAME', 'PATH'],
  })
})

/** The contract's programs are code: here each is built into an image before it starts. */
function codeAsImages(runtimeDir: string, engine: () => TestEngine): Sandbox {
  let opened: ReturnType<typeof containerSandbox> | undefined
  const sandbox = () => {
    opened ??= containerSandbox({
      runtimeDir,
      host: hostEngine(engine().env),
      clock: systemClock,
      ids: randomIds,
      egress: hostEgress({ clock: systemClock, ids: randomIds }),
    })
    return opened
  }
  return {
    level: 'container',
    notice: '',
    platformUrl: (realUrl) => sandbox().platformUrl(realUrl),
    prepare: (instanceId) => sandbox().prepare(instanceId),
    async start({ program, ...spec }) {
      const file = join(program.codeDir, 'agent.cjs')
      const files: Record<string, string> = existsSync(file) ? { 'agent.cjs': await readFile(file, 'utf8') } : {}
      const imageId = existsSync(program.codeDir) ? await engine().image(`aw-test/${spec.place.instanceId}`, { files }) : `sha256:${'0'.repeat(64)}`
      return sandbox().start({ ...spec, program: { imageId } })
    },
    discard: (place) => sandbox().discard(place),
    endOrphans: () => sandbox().endOrphans(),
    probe: () => sandbox().probe(),
    warm: () => sandbox().warm(),
    close: () => sandbox().close(),
  }
}

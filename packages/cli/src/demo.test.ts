// The main job from nothing, as `npm run demo` runs it.
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentworks, spawnSource } from './from-source.fixture.js'

test('the demo shows both agents, spends no key that happens to be there, and leaves nothing behind', { timeout: 90_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'demo-test-'))
  // Agents run as a user of their own, who must be able to reach what lies in here.
  await chmod(home, 0o755)
  try {
    const bundling = spawnSource('packages/factory/src/build-agents.ts', [], { env: {}, cwd: home })
    expect(await once(bundling, 'exit')).toEqual([0, null])
    const env = { HOME: home, TMPDIR: home, ANTHROPIC_API_KEY: 'never-to-be-spent', AGENTWORKS_LOG_LEVEL: 'warn' }
    const { code, stdout, stderr } = await agentworks(['demo', '--json'], { env, cwd: home })
    expect(stderr).not.toContain('never-to-be-spent')
    const { passed, seconds, transcript } = JSON.parse(stdout)
    expect({ code, passed }, stderr).toEqual({ code: 0, passed: true })
    expect(seconds).toBeLessThan(60)
    expect(transcript.join('\n')).toMatch(
      /GreeterBot -> you: \S[\s\S]*MathBot -> you: .*5754[\s\S]*you -> GreeterBot: I like sushi[\s\S]*MathBot -> you: .*sushi/,
    )
    expect(await readdir(home)).toEqual([])
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

// Nothing that is tried from inside succeeds at level bubblewrap; what succeeds at level process is what the guide says.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlGroups } from '#adapters/cgroups/control-groups.js'
import { hostInterpreters } from '#adapters/interpreters.js'
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import type { sandboxSizes } from '#adapters/sandbox-bubblewrap/profile.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { makeFixture } from '#ports/sandbox-instances.fixture.js'
import { attemptingAgent, attempts, type EscapeWorld, escapeWorld } from './escapes.fixture.js'

const available = await bubblewrapAvailable()
const interpreters = hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath })
const limited = ['start more processes than its limit', 'use more memory than its limit']
const addressed = ['reach a private address', 'reach a link-local address, as metadata services have']

describe('what code in a session tries', () => {
  let world: EscapeWorld
  beforeAll(async () => {
    world = await escapeWorld()
  })
  afterAll(() => world.end())

  async function triedAt(level: 'bubblewrap' | 'process'): Promise<Record<string, boolean>> {
    const small = { workBytes: 8 << 20, tmpBytes: 8 << 20, sharedMemoryBytes: 8 << 20 } satisfies typeof sandboxSizes
    const fixture = await makeFixture({
      open: (runtimeDir) =>
        level === 'bubblewrap'
          ? bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds, sizes: small })
          : processSandbox({ runtimeDir, clock: systemClock }),
      node: await interpreters.find('NODE_22'),
      python: undefined,
      addedVariables: () => [],
    })
    try {
      const other = await fixture.startNode(`require('fs').writeFileSync(process.env.HOME + '/mine', 'of the other')
        require('http').createServer((q, s) => s.end()).listen(8080)`)
      const { instance, output } = await fixture.launch('node', attemptingAgent(world.target({ place: other.place, pid: other.instance.pid })))
      await instance.exited
      const said = output.find(([, line]) => line.startsWith('{'))?.[1]
      if (said === undefined) throw new Error(output.map(([, line]) => line).join('\n'))
      return JSON.parse(said)
    } finally {
      await fixture.end()
    }
  }

  it('fails at level bubblewrap, all of it', { timeout: 60_000 }, async ({ skip }) => {
    if (!available.ok) return skip(available.reason)
    const missing = controlGroups('/nonexistent').missing.length > 0
    const succeeded = Object.entries(await triedAt('bubblewrap')).flatMap(([title, did]) => (did ? [title] : []))
    expect(succeeded.filter((title) => !(missing && limited.includes(title)))).toEqual([])
    if (missing) skip('this host gives no control groups: limits were not tried')
    if (world.withoutAddresses !== undefined) skip(`addresses of other networks were not tried: ${world.withoutAddresses}`)
  })

  it('succeeds at level process exactly where the guide says so', { timeout: 60_000 }, async ({ skip }) => {
    if (process.platform !== 'linux') return skip('the attempts are for Linux')
    const found = await triedAt('process')
    const told = tableOfGuide()
    expect(Object.keys(told).sort()).toEqual(Object.keys(attempts).sort())
    for (const [title, did] of Object.entries(found)) {
      if (world.withoutAddresses !== undefined && addressed.includes(title)) continue
      if (told[title] === 'as your user may' && process.getuid?.() !== 0) continue
      expect(did, title).toBe(told[title] !== 'fails')
    }
  })
})

/** The second column of docs/guide/isolation.md's table, by its first. */
function tableOfGuide(): Record<string, string> {
  const text = readFileSync(new URL('../../../../../docs/guide/isolation.md', import.meta.url), 'utf8')
  const rows = text.slice(text.indexOf('| code in a session tries to')).split('\n\n')[0]?.split('\n').slice(2) ?? []
  return Object.fromEntries(
    rows.map((row) =>
      row
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim()),
    ),
  )
}

// The committed page must not claim what the running platform does not do, nor hide what it does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPlatform, removeDataDir, startPlatform } from './platform.fixture.ts'
import { conformancePage, verdictsOn } from './report/page.ts'
import { type Probed, probeAll } from './report/probe.ts'
import { type Requirement, requirements } from './requirements.ts'

const committed = readFileSync(join(import.meta.dirname, '../docs/conformance.md'), 'utf8')

describe('docs/conformance.md', () => {
  let platform: RunningPlatform
  let probed: Probed[]
  beforeAll(async () => {
    platform = await startPlatform()
    probed = await probeAll(platform)
  })
  afterAll(() => removeDataDir(platform))

  it('says of each operation what the running platform does (else: npm run conformance)', () => {
    const seen = verdictsOn(conformancePage(probed, new Map()))
    expect(seen.size).toBe(probed.length)
    expect(verdictsOn(committed)).toEqual(seen)
  })

  it('has every promise, proved', () => {
    for (const [id, { promise }] of Object.entries<Requirement>(requirements)) expect(committed).toContain(`| \`${id}\` | ${promise} |`)
    expect(committed).not.toContain('not proved')
  })

  it('has promises only about operations that execute', () => {
    const executing = new Set(probed.filter(({ verdict }) => verdict === 'executes').map(({ name }) => name))
    const spoken = Object.values<Requirement>(requirements).flatMap(({ operations }) => operations)
    expect(spoken.filter((name) => !executing.has(name))).toEqual([])
  })
})

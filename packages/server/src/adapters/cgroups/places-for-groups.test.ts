// Version 2 in its variants, on folders laid out as the kernel lays them out: no single host has them all.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findPlaces } from './places-for-groups.js'

const dirs: string[] = []
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

interface Group {
  /** What it is given, and what it hands on. */
  has?: string
  handsOn?: string
  processes?: number[]
}

/** By path below the top; the longest is the own group. */
function tree(groups: Record<string, Group>) {
  const top = mkdtempSync(join(tmpdir(), 'aw-groups-'))
  dirs.push(top)
  for (const [path, { has = 'cpu memory pids', handsOn = '', processes = [] }] of Object.entries(groups)) {
    const dir = join(top, path)
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'cgroup.controllers'), has)
    writeFileSync(join(dir, 'cgroup.subtree_control'), handsOn)
    writeFileSync(join(dir, 'cgroup.procs'), processes.join('\n'))
  }
  const own = join(top, Object.keys(groups).at(-1) ?? '')
  return { top, own, file: (path: string) => readFileSync(join(top, path), 'utf8') }
}

const self = { pid: 100, kin: (pid: number) => pid === 99 || pid === 101 }
const found = ({ own, top }: { own: string; top: string }) => findPlaces({ v1: {}, v2: { dir: own, top } }, self)

describe('groups of version 2', () => {
  it('are made beside the platform, where the group above hands on everything', () => {
    const host = tree({ '': { handsOn: 'cpu memory pids' }, service: { processes: [100, 500] } })
    expect(found(host)).toEqual({ places: [{ version: 2, dir: host.top, controllers: ['memory', 'cpu', 'pids'] }], missing: [] })
  })

  it('are made in the own group that was handed over, which the platform and its kin leave for a leaf', () => {
    const host = tree({ '': { has: '', handsOn: '', processes: [1] }, scope: { processes: [99, 100] } })
    mkdirSync(join(host.own, 'agentworks-platform'))
    writeFileSync(join(host.own, 'agentworks-platform/cgroup.procs'), '')
    expect(found(host).places).toEqual([{ version: 2, dir: host.own, controllers: ['memory', 'cpu', 'pids'] }])
    expect(host.file('scope/cgroup.subtree_control')).toBe('+memory +cpu +pids')
    expect(host.file('scope/agentworks-platform/cgroup.procs')).toBe('100')
  })

  it("are not made where that would move somebody else's process", () => {
    const host = tree({ '': { has: '' }, scope: { processes: [100, 777] } })
    expect(found(host)).toMatchObject({ places: [], missing: [{ controller: 'memory' }, { controller: 'cpu' }, { controller: 'pids' }] })
    expect(existsSync(join(host.own, 'agentworks-platform'))).toBe(false)
  })

  it('take what there is, and name the rest', () => {
    const host = tree({ '': { has: 'memory pids', handsOn: 'memory pids' }, scope: { has: 'memory pids', processes: [100, 777] } })
    expect(found(host)).toMatchObject({ places: [{ dir: dirname(host.own), controllers: ['memory', 'pids'] }], missing: [{ controller: 'cpu' }] })
  })

  it('are missing where no control groups are mounted', () => {
    expect(findPlaces({ v1: {}, v2: undefined }, self)).toEqual({
      places: [],
      missing: ['memory', 'cpu', 'pids'].map((controller) => ({ controller, reason: 'this host mounts no control groups' })),
    })
  })

  it('leave to version 1 what it has', () => {
    const host = tree({ '': { handsOn: 'cpu memory pids' }, service: {} })
    const { places } = findPlaces({ v1: { pids: { dir: host.own, top: host.top } }, v2: { dir: host.own, top: host.top } }, self)
    expect(places.map(({ version, controllers }) => [version, controllers])).toEqual([
      [2, ['memory', 'cpu']],
      [1, ['pids']],
    ])
  })
})

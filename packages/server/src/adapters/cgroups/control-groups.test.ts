import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { controlGroups } from './control-groups.js'
import { ownGroups } from './own-groups.js'

const dirs = [mkdtempSync(join(tmpdir(), 'aw-')), mkdtempSync(join(tmpdir(), 'aw-'))]
const [dir = '', otherDir = ''] = dirs
afterAll(() => {
  for (const each of dirs) rmSync(each, { recursive: true, force: true })
})
const limits = { memoryBytes: 64 << 20, cpus: 1, pids: 10 }
const { missing } = controlGroups(dir)
const reason = missing.map(({ controller, reason }) => `${controller}: ${reason}`).join('; ')

describe.skipIf(missing.length > 0)(`control groups${reason && ` [skipped: ${reason}]`}`, () => {
  const sleeper = async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    await once(child, 'spawn')
    return { child, pid: child.pid ?? 0, groups: () => readFileSync(`/proc/${child.pid}/cgroup`, 'utf8') }
  }

  it('take a process in, end it when they are removed, and may be removed twice', async () => {
    const group = await controlGroups(dir).make('one', limits)
    const { child, pid, groups } = await sleeper()
    const ended = once(child, 'exit')
    await group.join(pid)
    expect(groups()).toMatch(/memory.*agentworks-|0::.*agentworks-/)
    expect(await group.ranOutOfMemory()).toBe(false)
    await group.remove()
    expect(await ended).toEqual([null, 'SIGKILL'])
    await group.remove()
  })

  it('of a platform that was killed are emptied and removed by the next one, and those of others are not', async () => {
    const other = await controlGroups(otherDir).make('two', limits)
    const group = await controlGroups(dir).make('two', limits)
    const { child, pid } = await sleeper()
    const ended = once(child, 'exit')
    await group.join(pid)
    const next = controlGroups(dir)
    const kept = await next.make('three', limits)
    await next.removeStale()
    expect(await ended).toEqual([null, 'SIGKILL'])
    await expect(group.join(process.pid)).rejects.toMatchObject({ name: 'PortError', code: 'cannot-start' })
    for (const spared of [kept, other]) {
      const { child, pid } = await sleeper()
      await spared.join(pid)
      const end = once(child, 'exit')
      await spared.remove()
      expect(await end).toEqual([null, 'SIGKILL'])
    }
  })

  it('keep no more than the host has', async () => {
    const group = await controlGroups(dir).make('four', { memoryBytes: 2 ** 60, cpus: 10_000, pids: 10 })
    expect(group.limits.cpus).toBeLessThan(10_000)
    expect(group.limits.memoryBytes).toBeLessThan(2 ** 50)
    await group.remove()
  })

  it('refuse a process that is not there', async () => {
    const group = await controlGroups(dir).make('five', limits)
    await expect(group.join(2 ** 22 + 1)).rejects.toMatchObject({ code: 'cannot-start' })
    await group.remove()
  })
})

describe('the own groups of a process', () => {
  const mount = (root: string, top: string, type: string, options: string) =>
    `31 23 0:28 ${root} ${top} rw,relatime shared:9 - ${type} cgroup rw,${options}`

  it('are found in version 1, where controllers may share a tree', () => {
    const mounts = [mount('/', '/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'), mount('/', '/sys/fs/cgroup/memory', 'cgroup', 'memory')].join(
      '\n',
    )
    const found = ownGroups(mounts, '4:memory:/user.slice/a:b\n2:cpu,cpuacct:/\n')
    expect(found.v1.cpu?.dir).toBe('/sys/fs/cgroup/cpu,cpuacct')
    expect(found.v1.memory).toEqual({ dir: '/sys/fs/cgroup/memory/user.slice/a:b', top: '/sys/fs/cgroup/memory' })
    expect(found.v2).toBeUndefined()
  })

  it('are found in version 2, of a user and in a container', () => {
    const user = ownGroups(
      mount('/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate'),
      '0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope\n',
    )
    expect(user.v2?.dir).toBe('/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope')
    expect(ownGroups(mount('/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate'), '0::/\n').v2).toEqual({ dir: '/sys/fs/cgroup', top: '/sys/fs/cgroup' })
    expect(ownGroups(mount('/docker/1f', '/sys/fs/cgroup', 'cgroup2', 'rw'), '0::/docker/1f/in\n').v2?.dir).toBe('/sys/fs/cgroup/in')
  })

  it('are not guessed when they lie outside of what is mounted', () => {
    expect(ownGroups(mount('/docker/1f', '/sys/fs/cgroup', 'cgroup2', 'rw'), '0::/other\n').v2).toBeUndefined()
    expect(ownGroups(mount('/', '/sys/fs/cgroup', 'cgroup2', 'rw'), '0::/../x\n').v2).toBeUndefined()
    expect(ownGroups('', '')).toEqual({ v1: {}, v2: undefined })
  })
})

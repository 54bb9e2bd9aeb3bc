// A container's volume beside it: the mount is gone at once, even from namespaces that were made while it was there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isAttached } from '#adapters/session-storage/image.js'
import { sessionVolumes } from '#adapters/session-storage/volumes.js'
import { containerStorage, detachLeftovers } from './container-storage.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aw-cs-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const volume = () => sessionVolumes({ dir, bytes: 16 << 20 }).open('one')
const mounts = [{ name: 'data', target: '/mnt/data' }]
const mountsHere = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(dir)

it('is writable for whoever the image runs as, and leaves no mount and no busy disk behind', async ({ skip }) => {
  const one = await volume()
  if (one.kind !== 'image') return skip('this host mounts no images')
  const { binds, detach } = await containerStorage({ volume: one, mounts }, dir, 'instance')
  const [bind] = binds
  expect(bind?.target).toBe('/mnt/data')
  expect(statSync(bind?.source ?? '').mode & 0o777).toBe(0o777)
  expect(await isAttached(one.path)).toBe(true)
  // As a session that starts meanwhile: its own namespace has a copy of every mount.
  const other = spawn('unshare', ['--mount', '--', '/bin/sh', '-c', 'echo up; cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  await detach()
  await detach()
  expect(mountsHere()).toBe(false)
  await vi.waitFor(async () => expect(await isAttached(one.path)).toBe(false), { timeout: 10_000 })
  expect(existsSync(join(dir, 'c-storage', 'instance'))).toBe(false)
  other.stdin.end()
  await once(other, 'exit')
})

it('is detached by the next platform when one was killed in between, with all that is in it', async ({ skip }) => {
  const one = await volume()
  if (one.kind !== 'image') return skip('this host mounts no images')
  await containerStorage({ volume: one, mounts }, dir, 'instance')
  await detachLeftovers(dir)
  expect(mountsHere()).toBe(false)
  expect(readdirSync(join(dir, 'c-storage'))).toEqual([])
  const again = await containerStorage({ volume: one, mounts }, dir, 'another')
  expect(existsSync(again.binds[0]?.source ?? '')).toBe(true)
  await again.detach()
})

it('refuses a folder of the host, by name', async () => {
  const folder = await sessionVolumes({ dir, bytes: 1 << 20, kinds: ['folder'] }).open('one')
  await expect(containerStorage({ volume: folder, mounts }, dir, 'instance')).rejects.toMatchObject({ port: 'sandbox', code: 'cannot-start' })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { imageMountOptions } from './image.js'
import { sessionVolumes } from './volumes.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aw-volumes-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const folders = () => sessionVolumes({ dir, bytes: 1 << 20, kinds: ['folder'] })

it('keeps a volume until it is removed, and names what it keeps', async () => {
  const volumes = sessionVolumes({ dir, bytes: 16 << 20 })
  const made = await volumes.open('one')
  expect(await volumes.open('one')).toEqual(made)
  expect(await volumes.ids()).toEqual(['one'])
  await volumes.remove('one')
  await volumes.remove('one')
  expect(await volumes.ids()).toEqual([])
  expect(readdirSync(dir)).toEqual([])
})

it('takes no id that would lead out of its folder', async () => {
  for (const id of ['..', 'a/b', '', '.x']) await expect(folders().open(id)).rejects.toMatchObject({ port: 'session-storage', code: 'cannot-open' })
})

it('measures a folder by what it takes on the disk, links by themselves', async () => {
  const volumes = folders()
  const volume = await volumes.open('measured')
  mkdirSync(join(volume.path, 'deep'))
  writeFileSync(join(volume.path, 'deep', 'file'), Buffer.alloc(300_000))
  symlinkSync('/usr', join(volume.path, 'elsewhere'))
  const used = await volumes.usedBytes(volume)
  expect(used).toBeGreaterThanOrEqual(300_000)
  expect(used).toBeLessThan(400_000)
})

it('counts a folder that is closed to its own user as too much, and removes it all the same', async ({ skip }) => {
  if (process.getuid?.() === 0) return skip('no folder is closed to root')
  const volumes = folders()
  const volume = await volumes.open('closed')
  mkdirSync(join(volume.path, 'hidden', 'deep'), { recursive: true })
  chmodSync(join(volume.path, 'hidden'), 0)
  expect(await volumes.usedBytes(volume)).toBe(Number.POSITIVE_INFINITY)
  await volumes.remove('closed')
  expect(readdirSync(dir)).toEqual([])
})

it('hands an image out once nobody has it mounted any more', async ({ skip }) => {
  const volumes = sessionVolumes({ dir, bytes: 16 << 20 })
  const volume = await volumes.open('held')
  if (volume.kind !== 'image') return skip('this host mounts no images')
  const holder = await mounted(volume.path)
  let isOpen = false
  const opening = volumes.open('held').then(() => {
    isOpen = true
  })
  // A volume that nobody holds is there long before.
  await volumes.open('other')
  expect(isOpen).toBe(false)
  holder.stdin?.end()
  await opening
})

/** A process with the image mounted in a namespace of its own, until its standard input ends. */
async function mounted(image: string): Promise<ChildProcess> {
  const point = join(dir, '.point')
  mkdirSync(point)
  const steps = `mount -o ${imageMountOptions} "$1" "$2" && echo up && cat`
  const child = spawn('unshare', ['--mount', '--', '/bin/sh', '-c', steps, 'hold', image, point], { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

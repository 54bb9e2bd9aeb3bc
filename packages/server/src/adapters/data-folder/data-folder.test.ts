import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { type DataFolder, openDataFolder } from './data-folder.js'
import { readLock } from './lock.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-data-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const freshDir = () => join(scratch, `home-${++folders}`, 'data')
const world = { clock: systemClock, ids: randomIds }
const fromSource = join(import.meta.dirname, '../../../../../tools/from-source.ts')

function using<T>(dir: string, work: (folder: DataFolder) => T): T {
  const folder = openDataFolder(dir, world)
  try {
    return work(folder)
  } finally {
    folder.release()
  }
}

const mode = (path: string) => statSync(path).mode & 0o777

describe('the data folder', () => {
  it('is made private, with everything in it', () => {
    using(freshDir(), ({ dir }) => {
      expect(mode(dir)).toBe(0o700)
      for (const entry of readdirSync(dir, { withFileTypes: true })) {
        expect([entry.name, mode(join(dir, entry.name))]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600])
      }
      expect(readdirSync(dir).toSorted()).toEqual(
        [
          'access-key.json',
          'admin-token',
          'code',
          'format',
          'lock',
          'lock.held',
          'logs',
          'objects',
          'root-key',
          'sessions',
          'spool',
          'tls',
        ].toSorted(),
      )
    })
  })

  it('makes its secrets once, in the forms that clients expect, and different in each installation', () => {
    const dir = freshDir()
    const keep = ({ rootKey, accessKey, adminToken }: DataFolder) => ({ rootKey: rootKey.toString('hex'), accessKey, adminToken })
    const first = using(dir, keep)
    expect(first.rootKey).toHaveLength(64)
    expect(first.accessKey.accessKeyId).toMatch(/^AKIA[A-Z0-9]{16}$/)
    expect(first.accessKey.secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/)
    expect(using(dir, keep)).toEqual(first)
    const other = using(freshDir(), keep)
    expect(other.rootKey).not.toBe(first.rootKey)
    expect(other.accessKey).not.toEqual(first.accessKey)
    expect(other.adminToken).not.toBe(first.adminToken)
  })

  it('tightens what was left open to others', () => {
    const dir = freshDir()
    using(dir, () => {})
    for (const [path, loose] of [
      [dir, 0o755],
      [join(dir, 'root-key'), 0o644],
      [join(dir, 'access-key.json'), 0o640],
      [join(dir, 'objects'), 0o777],
    ] as const) {
      chmodSync(path, loose)
    }
    using(dir, () => {
      expect(mode(dir)).toBe(0o700)
      expect(mode(join(dir, 'root-key'))).toBe(0o600)
      expect(mode(join(dir, 'access-key.json'))).toBe(0o600)
      expect(mode(join(dir, 'objects'))).toBe(0o700)
    })
  })

  it('empties the spool, and nothing else, at each start', () => {
    const dir = freshDir()
    using(dir, ({ paths }) => {
      for (const folder of [paths.spool, paths.objects, paths.sessions]) writeFileSync(join(folder, 'x'), 'x')
    })
    using(dir, ({ paths }) => {
      expect(existsSync(join(paths.spool, 'x'))).toBe(false)
      expect(existsSync(join(paths.objects, 'x'))).toBe(true)
      expect(existsSync(join(paths.sessions, 'x'))).toBe(true)
    })
  })

  it('refuses damaged secrets by name, never quotes them, and never makes a new root key beside an old database', () => {
    const dir = freshDir()
    using(dir, ({ paths }) => writeFileSync(paths.database, ''))
    writeFileSync(join(dir, 'access-key.json'), '{"secretAccessKey":"hunter2')
    expect(() => openDataFolder(dir, world)).toThrow(/access-key\.json/)
    expect(() => openDataFolder(dir, world)).not.toThrow(/hunter2/)
    rmSync(join(dir, 'root-key'))
    expect(() => openDataFolder(dir, world)).toThrow(/root-key is gone/)
    expect(existsSync(join(dir, 'root-key'))).toBe(false)
  })

  it('says what is wrong when the path is a file', () => {
    const path = join(scratch, 'a-file')
    writeFileSync(path, '')
    expect(() => openDataFolder(path, world)).toThrow(/a-file cannot be made a folder .* --data-dir/)
  })
})

describe('its lock', () => {
  it('lets a second start know who is first, and where it answers', () => {
    const folder = openDataFolder(freshDir(), world)
    expect(() => openDataFolder(folder.dir, world)).toThrow(new RegExp(`in use by process ${process.pid}.*still starting`))
    folder.announce({ url: 'http://127.0.0.1:4680', region: 'us-east-1' })
    expect(() => openDataFolder(folder.dir, world)).toThrow(/at http:\/\/127\.0\.0\.1:4680/)
    expect(readLock(folder.dir)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4680' })
    folder.release()
    folder.release()
    expect(readLock(folder.dir)).toBeUndefined()
    using(folder.dir, () => {})
  })

  it('is gone with a process that was killed, and only one of many starters gets it', { timeout: 60_000 }, async () => {
    const dir = freshDir()
    const killed = start(dir)
    expect(await killed.said).toBe('open')
    killed.child.kill('SIGKILL')
    await killed.exited
    expect(existsSync(join(dir, 'lock'))).toBe(true)
    expect(readLock(dir)).toBeUndefined()

    const starters = Array.from({ length: 5 }, () => start(dir))
    const answers = await Promise.all(starters.map((starter) => starter.said))
    for (const { child } of starters) child.kill('SIGKILL')
    await Promise.all(starters.map((starter) => starter.exited))
    expect(answers.toSorted()).toEqual(['in-use', 'in-use', 'in-use', 'in-use', 'open'])
  })

  function start(dir: string) {
    const args = ['--conditions=agentworks-source', '--import', fromSource, join(import.meta.dirname, 'open-folder.fixture.ts'), dir]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    return { child, exited: once(child, 'exit'), said: once(child.stdout, 'data').then(([line]) => String(line).trim()) }
  }
})

describe('its format', () => {
  it('refuses one of a newer release and changes nothing', () => {
    const dir = freshDir()
    using(dir, () => {})
    writeFileSync(join(dir, 'format'), '2\n')
    expect(() => openDataFolder(dir, world)).toThrow(/format 2.*newer release/)
    expect(readFileSync(join(dir, 'format'), 'utf8')).toBe('2\n')
  })

  it('copies an older one before it is changed, keys and all', () => {
    const dir = freshDir()
    using(dir, ({ paths }) => writeFileSync(join(paths.objects, 'x'), 'old'))
    const newer = { version: 2, steps: [{ to: 2, apply: (root: string) => writeFileSync(join(root, 'objects', 'x'), 'new') }] }
    openDataFolder(dir, { ...world, format: newer }).release()
    expect(readFileSync(join(dir, 'objects', 'x'), 'utf8')).toBe('new')
    expect(readFileSync(join(dir, 'format'), 'utf8')).toBe('2\n')
    const copy = `${dir}.before-format-2`
    expect(readFileSync(join(copy, 'objects', 'x'), 'utf8')).toBe('old')
    expect(readFileSync(join(copy, 'root-key'), 'utf8')).toBe(readFileSync(join(dir, 'root-key'), 'utf8'))
    expect(mode(copy)).toBe(0o700)
    expect(readdirSync(copy)).not.toContain('lock')
  })

  it('names the file when it is no number', () => {
    const dir = freshDir()
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'format'), 'one')
    expect(() => openDataFolder(dir, world)).toThrow(/format does not hold a version number/)
  })
})

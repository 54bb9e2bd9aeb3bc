import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { objectsContract } from '#ports/objects.contract.js'
import { fileObjects } from './objects.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-objects-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let folders = 0
const freshDir = () => join(scratch, String(++folders))

objectsContract({
  open: () => {
    const dir = freshDir()
    return {
      objects: fileObjects(dir),
      leftovers: () => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length,
    }
  },
})

describe('objects as files', () => {
  it('are private', async () => {
    const objects = fileObjects(freshDir())
    const { handle } = await objects.write(Readable.from([Buffer.from('x')]), { maxBytes: 10 })
    expect(statSync(objects.path(handle)).mode & 0o777).toBe(0o600)
    expect(statSync(join(objects.path(handle), '..')).mode & 0o777).toBe(0o700)
  })

  it('forget at the next start what a killed platform left half-written', () => {
    const dir = freshDir()
    mkdirSync(join(dir, 'incoming'), { recursive: true })
    writeFileSync(join(dir, 'incoming', 'half'), 'x')
    fileObjects(dir)
    expect(existsSync(join(dir, 'incoming', 'half'))).toBe(false)
  })

  it('cannot be named by a path', async () => {
    const objects = fileObjects(freshDir())
    expect(() => objects.path('../../etc/passwd')).toThrow(/no object/)
    await expect(objects.read('../secret')).rejects.toMatchObject({ code: 'missing' })
  })
})

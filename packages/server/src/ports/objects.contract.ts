// What every store of objects promises, as tests.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { ObjectBytes } from './objects.js'

export interface ObjectsKit {
  /** A new, empty place; `leftovers` counts every file there, named or not. */
  open(): { objects: ObjectBytes; leftovers(): number }
}

const roomy = { maxBytes: 1_000_000_000 }

export function objectsContract({ open }: ObjectsKit): void {
  const pieces = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)))
  const all = async (objects: ObjectBytes) => {
    const handles: string[] = []
    for await (const handle of objects.handles()) handles.push(handle)
    return handles.toSorted()
  }

  describe('objects contract', () => {
    it('gives back the bytes, their size and both hashes', async () => {
      const { objects } = open()
      const stored = await objects.write(pieces('hello ', 'world'), roomy)
      expect(stored).toMatchObject({ size: 11, md5: hash('md5', 'hello world'), sha256: hash('sha256', 'hello world') })
      expect(await text(await objects.read(stored.handle))).toBe('hello world')
      expect(await readFile(objects.path(stored.handle), 'utf8')).toBe('hello world')
    })

    it('takes an empty object', async () => {
      const { objects } = open()
      const stored = await objects.write(pieces(), roomy)
      expect(stored.size).toBe(0)
      expect(await text(await objects.read(stored.handle))).toBe('')
    })

    it('takes 20 MB in small pieces and gives back the same', async () => {
      const { objects } = open()
      const piece = Buffer.alloc(40_000, 'abcdefg')
      const stored = await objects.write(Readable.from(Array.from({ length: 500 }, () => piece)), roomy)
      expect(hash('sha256', await buffer(await objects.read(stored.handle)))).toBe(stored.sha256)
      expect(stored.size).toBe(20_000_000)
    })

    it('reads a range, inclusive on both ends', async () => {
      const { objects } = open()
      const { handle } = await objects.write(pieces('0123456789'), roomy)
      expect(await text(await objects.read(handle, { start: 2, end: 4 }))).toBe('234')
      expect(await text(await objects.read(handle, { start: 9, end: 9 }))).toBe('9')
    })

    it('takes exactly the limit, refuses one byte more and leaves nothing of it', async () => {
      const { objects, leftovers } = open()
      await objects.write(pieces('1234', '5'), { maxBytes: 5 })
      await expect(objects.write(pieces('1234', '56'), { maxBytes: 5 })).rejects.toMatchObject({ name: 'PortError', code: 'too-large' })
      expect(leftovers()).toBe(1)
    })

    it("passes the stream's own error on and leaves nothing of it", async () => {
      const { objects, leftovers } = open()
      const failure = new Error('client went away')
      const failing = Readable.from(
        (async function* () {
          yield Buffer.from('half')
          throw failure
        })(),
      )
      await expect(objects.write(failing, roomy)).rejects.toBe(failure)
      expect(leftovers()).toBe(0)
      expect(await all(objects)).toEqual([])
    })

    it('ends when the stream is destroyed half-way, with nothing left', async () => {
      const { objects, leftovers } = open()
      const body = new Readable({ read() {} })
      body.push('half')
      const writing = objects.write(body, roomy)
      body.destroy()
      await expect(writing).rejects.toThrow()
      expect(leftovers()).toBe(0)
    })

    it('says missing for a handle that it does not have', async () => {
      const { objects } = open()
      const { handle } = await objects.write(pieces('x'), roomy)
      await objects.remove(handle)
      await objects.remove(handle)
      await expect(objects.read(handle)).rejects.toMatchObject({ name: 'PortError', code: 'missing' })
      await expect(objects.read('no-such')).rejects.toMatchObject({ code: 'missing' })
    })

    it('lists exactly the handles that can be read', async () => {
      const { objects } = open()
      const stored = await Promise.all(Array.from({ length: 20 }, (_, n) => objects.write(pieces(String(n)), roomy)))
      expect(new Set(stored.map((object) => object.handle)).size).toBe(20)
      const [first, ...rest] = stored.map((object) => object.handle)
      await objects.remove(first ?? '')
      expect(await all(objects)).toEqual(rest.toSorted())
    })
  })
}

function hash(algorithm: string, bytes: string | Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

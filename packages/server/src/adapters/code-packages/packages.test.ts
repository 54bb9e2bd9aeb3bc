import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { codePackages } from './packages.js'
import { type ZipPart, zipOf } from './zip.fixture.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-code-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let places = 0
const roomy = { unpackedBytes: 10_000_000 }
const link = 0o120777

function place(zip: Buffer) {
  const dir = join(scratch, String(++places))
  mkdirSync(dir)
  const zipPath = join(dir, 'package.zip')
  writeFileSync(zipPath, zip)
  const sha256 = createHash('sha256').update(zip).digest('hex')
  const home = join(dir, 'code')
  const packages = codePackages(home)
  return { home, packages, sha256, zipPath, unpack: (limits = roomy) => packages.unpack(zipPath, sha256, limits) }
}

const unpack = (...parts: ZipPart[]) => place(zipOf(...parts)).unpack()
const refused = (code: string, message: RegExp) => expect.objectContaining({ name: 'PortError', code, message: expect.stringMatching(message) })

/** Also shows that nothing is left, inside or outside. */
async function refusal(parts: ZipPart[], limits = roomy): Promise<unknown> {
  const { home, unpack } = place(zipOf(...parts))
  const outcome = await unpack(limits).catch((error: unknown) => error)
  expect(existsSync(home) ? readdirSync(home) : []).toEqual([])
  return outcome
}

describe('code packages: unpacking', () => {
  it('gives the files, in folders that need no entry of their own, and counts the bytes', async () => {
    const { dir, unpackedBytes } = await unpack(
      { name: 'main.py', content: 'print(1)' },
      { name: 'a/b/c.txt', content: 'x'.repeat(1000) },
      { name: 'stored', content: 'as it is', method: 0 },
      { name: 'empty/', mode: 0o040755 },
      { name: './dot/é.txt', content: 'é' },
    )
    expect(readFileSync(join(dir, 'main.py'), 'utf8')).toBe('print(1)')
    expect(readFileSync(join(dir, 'a/b/c.txt'), 'utf8')).toBe('x'.repeat(1000))
    expect(readFileSync(join(dir, 'stored'), 'utf8')).toBe('as it is')
    expect(readFileSync(join(dir, 'dot/é.txt'), 'utf8')).toBe('é')
    expect(statSync(join(dir, 'empty')).isDirectory()).toBe(true)
    expect(unpackedBytes).toBe(8 + 1000 + 8 + 2)
  })

  it('can be read by everyone, its files written by nobody, keeps executables, drops setuid', async () => {
    const { dir } = await unpack({ name: 'plain', mode: 0o100600 }, { name: 'bin/run', mode: 0o100755 }, { name: 'bin/evil', mode: 0o104755 })
    const mode = (path: string) => (statSync(join(dir, path)).mode & 0o7777).toString(8)
    expect(['plain', 'bin/run', 'bin/evil', 'bin', '.'].map(mode)).toEqual(['444', '555', '555', '755', '755'])
  })

  it('keeps links that stay inside, through other links too', async () => {
    const { dir } = await unpack(
      { name: 'node_modules/.bin/tool', content: '../tool/cli.js', mode: link },
      { name: 'node_modules/tool/cli.js', content: 'tool' },
      { name: 'current', content: 'node_modules', mode: link },
      { name: 'through', content: 'current/tool/../tool/cli.js', mode: link },
    )
    expect(readlinkSync(join(dir, 'node_modules/.bin/tool'))).toBe('../tool/cli.js')
    expect(readFileSync(join(dir, 'through'), 'utf8')).toBe('tool')
  })

  it('does the work once for those who ask at the same time, and not at all later', async () => {
    const { home, packages, sha256, zipPath, unpack } = place(zipOf({ name: 'a', content: 'x' }))
    const answers = await Promise.all([unpack(), unpack(), unpack()])
    expect(new Set(answers.map((answer) => answer.dir)).size).toBe(1)
    const made = statSync(join(home, sha256)).ino
    rmSync(zipPath)
    expect(await unpack()).toEqual(answers[0])
    expect(await codePackages(home).unpack(zipPath, sha256, roomy)).toEqual(answers[0])
    expect(statSync(join(home, sha256)).ino).toBe(made)
    await packages.remove(sha256)
    await packages.remove(sha256)
    expect(readdirSync(home)).toEqual([])
    await expect(unpack()).rejects.toThrow()
  })

  it('clears away what a killed platform was unpacking', async () => {
    const { home, sha256, unpack } = place(zipOf({ name: 'a' }))
    mkdirSync(join(home, 'unfinished-1', 'deep'), { recursive: true, mode: 0o555 })
    await unpack()
    expect(readdirSync(home)).toEqual([sha256])
  })

  it('unpacks two thousand files', async () => {
    const parts = Array.from({ length: 2000 }, (_, n) => ({ name: `node_modules/p${n % 100}/f${n}.js`, content: `${n}`.repeat(300) }))
    const { dir } = await unpack(...parts)
    for (const { name, content } of parts) expect(readFileSync(join(dir, name), 'utf8')).toBe(content)
  })

  it('refuses a hash that could be a path', async () => {
    const { packages, zipPath } = place(zipOf({ name: 'a' }))
    await expect(packages.unpack(zipPath, '../../evil', roomy)).rejects.toMatchObject({ code: 'bad-hash' })
    await expect(packages.remove('..')).rejects.toMatchObject({ code: 'bad-hash' })
  })
})

describe('code packages: paths that are refused', () => {
  it.each([
    ['../evil', /leads out/],
    ['a/../../evil', /leads out/],
    ['a/..', /leads out/],
    ['/etc/evil', /absolute/],
    ['C:/evil', /absolute/],
    ['a\\..\\evil', /backslash/],
    ['a\0b', /control character/],
    ['a\u001b[2J', /control character/],
    [`${'x'.repeat(256)}`, /longer than/],
  ])('%j', async (name, message) => {
    expect(await refusal([{ name: 'ok' }, { name, content: 'evil' }])).toEqual(refused('unsafe-path', message))
  })

  it.each([
    ['the same file twice', [{ name: 'a' }, { name: 'a' }], /"a" is there twice/],
    ['the same file by another spelling', [{ name: 'a' }, { name: './/a' }], /there twice/],
    ['a file that is also a folder', [{ name: 'a' }, { name: 'a/b' }], /below "a", which is a file/],
    ['a file below a link', [{ name: 'a', content: '.', mode: link }, { name: 'a/b' }], /below "a", which is a link/],
    ['a link out', [{ name: 'd/a', content: '../../etc', mode: link }], /"d\/a" is a link that leads out/],
    ['a link to an absolute path', [{ name: 'a', content: '/etc/passwd', mode: link }], /absolute/],
    [
      'a link out through another',
      [
        { name: 'x/up', content: '..', mode: link },
        { name: 'out', content: 'x/up/../secret', mode: link },
      ],
      /"out" is a link that leads out/,
    ],
    [
      'a circle of links',
      [
        { name: 'a', content: 'b', mode: link },
        { name: 'b', content: 'a', mode: link },
      ],
      /circle/,
    ],
    ['an empty link', [{ name: 'a', content: '', mode: link }], /nothing/],
    ['an endless link', [{ name: 'a', content: 'x/'.repeat(5000), mode: link }], /too long/],
  ])('%s', async (_, parts, message) => {
    expect(await refusal(parts)).toEqual(refused('unsafe-path', message))
  })
})

describe('code packages: what is refused besides', () => {
  it('text that is no zip, half a zip, and nothing at all', async () => {
    const whole = zipOf({ name: 'a', content: 'x'.repeat(5000) })
    for (const bytes of [Buffer.from('hello'), whole.subarray(0, whole.length - 30), Buffer.alloc(0), Buffer.alloc(100_000)]) {
      await expect(place(bytes).unpack()).rejects.toEqual(refused('not-a-zip', /no zip that can be read/))
    }
  })

  it('content that is not what its checksum says', async () => {
    expect(await refusal([{ name: 'a', content: 'x', claims: { crc: 1 } }])).toEqual(refused('not-a-zip', /"a" is damaged/))
  })

  it('more than fits, with the size, the limit and where the bytes are', async () => {
    const parts = [
      { name: 'main.py', content: 'x'.repeat(1000) },
      { name: 'node_modules/big/a', content: 'x'.repeat(3_000_000) },
      { name: 'node_modules/big/deep/er/b', content: 'x'.repeat(2_000_000) },
      { name: 'node_modules/@scope/middle/c', content: 'x'.repeat(1_000_000) },
    ]
    const message =
      /unpacks to 6\.0 MB, the limit is 5\.0 MB; biggest folders: "node_modules\/big" 5\.0 MB, "node_modules\/@scope\/middle" 1\.0 MB, "\." 0\.0 MB/
    expect(await refusal(parts, { unpackedBytes: 5_000_000 })).toEqual(refused('too-large', message))
  })

  it('more than fits, when it is there already for someone with more room', async () => {
    const { unpack } = place(zipOf({ name: 'a', content: 'x'.repeat(1000) }))
    await unpack()
    await expect(unpack({ unpackedBytes: 999 })).rejects.toMatchObject({ code: 'too-large' })
    await unpack({ unpackedBytes: 1000 })
  })

  it('a bomb that lies about its size', async () => {
    const bomb = { name: 'bomb', content: Buffer.alloc(50_000_000), claims: { size: 10 } }
    expect(await refusal([bomb], { unpackedBytes: 1_000_000 })).toMatchObject({ name: 'PortError', code: 'not-a-zip' })
  })

  it('more entries than anything needs', async () => {
    const many = zipOf(...Array.from({ length: 10 }, (_, n) => ({ name: String(n) })))
    // The count is 16 bits wide here; the 64-bit record that large zips have says 300,000.
    expect(
      await place(withManyEntries(many, 300_000))
        .unpack()
        .catch((error: unknown) => error),
    ).toEqual(refused('too-large', /300000 entries, the limit is 200000/))
  })

  it('encrypted entries, devices, and compression that we do not know', async () => {
    expect(await refusal([{ name: 'a', flags: 0x801 }])).toEqual(refused('unsupported', /"a" is encrypted/))
    expect(await refusal([{ name: 'dev', mode: 0o020666 }])).toEqual(refused('unsupported', /device/))
    expect(await refusal([{ name: 'fifo', mode: 0o010666 }])).toEqual(refused('unsupported', /device, pipe/))
    expect(await refusal([{ name: 'a', method: 14 }])).toEqual(refused('unsupported', /method 14/))
  })
})

function withManyEntries(zip: Buffer, count: number): Buffer {
  const end = Buffer.from(zip.subarray(-22))
  const body = zip.subarray(0, -22)
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40)
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(body.length), 8)
  locator.writeUInt32LE(1, 16)
  end.writeUInt16LE(0xffff, 8)
  end.writeUInt16LE(0xffff, 10)
  return Buffer.concat([body, record, locator, end])
}

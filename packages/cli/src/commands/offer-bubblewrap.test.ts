// Real child processes on a PATH of our own: whether an installer was called is seen by what it leaves behind.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Invoked } from '#core/invoked.js'
import { output } from '#core/output.js'
import { offerBubblewrap } from './offer-bubblewrap.js'

let bin: string
beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'bin-'))
})
afterEach(() => rm(bin, { recursive: true }))

async function command(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(bin, name), 0o755)
}

async function offered(env: Record<string, string>): Promise<string> {
  let notes = ''
  const streams = { stdout: { write: () => true }, stderr: { write: (text: string) => (notes += text) } }
  const world = {
    env: { PATH: bin, ...env },
    cwd: bin,
    home: bin,
    stdin: new PassThrough(),
    stdout: process.stdout,
    stderr: process.stderr,
    stopped: new AbortController().signal,
    newSessionId: () => '',
  }
  const invoked: Invoked = { world, out: output(streams, false), dataDir: bin, dataDirNamed: true }
  await offerBubblewrap(invoked)
  return notes
}

describe.skipIf(process.platform !== 'linux')('bubblewrap (skipped off Linux, where there is none)', () => {
  test('says nothing when it is there', async () => {
    await command('bwrap', 'exit 0')
    expect(await offered({ CI: '1' })).toBe('')
  })

  test('names the command and goes on when nobody can be asked', async () => {
    await command('apt-get', `echo called >> ${bin}/calls`)
    expect(await offered({})).toMatch(/level "process"[\s\S]*apt-get install -y --no-install-recommends bubblewrap/)
    await expect(readFile(join(bin, 'calls'))).rejects.toThrow('ENOENT')
  })

  test.skipIf(process.getuid?.() !== 0)('is installed without asking in CI as root (skipped for other users)', async () => {
    await command('apt-get', `echo "$@" >> ${bin}/calls`)
    expect(await offered({ CI: '1' })).toBe('')
    expect(await readFile(join(bin, 'calls'), 'utf8')).toBe('install -y --no-install-recommends bubblewrap\n')
  })

  test.skipIf(process.getuid?.() !== 0)('says how to mend it when the installer fails (skipped for other users)', async () => {
    await command('apt-get', 'exit 100')
    expect(await offered({ CI: '1' })).toContain('fix: apt-get install')
  })
})

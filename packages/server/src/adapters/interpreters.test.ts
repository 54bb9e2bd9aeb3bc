import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hostInterpreters, nearest } from './interpreters.js'

it('runs Node on the platform’s own when the host has no Node 22, and says so', async () => {
  const node = await hostInterpreters({ path: '', homeDir: '/nonexistent', nodePath: process.execPath }).find('NODE_22')
  expect(node).toEqual({ language: 'node', path: process.execPath, version: process.versions.node, exact: process.versions.node.startsWith('22.') })
})

it('finds what a link really leads to, and believes the program rather than its name', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  await mkdir(join(dir, 'real'))
  const program = `#!/bin/sh\necho '["${join(dir, 'real', 'python3.12')}", "3.12.9"]'\n`
  await writeFile(join(dir, 'real', 'python3.12'), program)
  await chmod(join(dir, 'real', 'python3.12'), 0o755)
  await symlink('real/python3.12', join(dir, 'python3'))
  const found = await hostInterpreters({ path: dir, homeDir: '/nonexistent', nodePath: process.execPath }).find('PYTHON_3_12')
  expect(found).toMatchObject({ language: 'python', path: join(dir, 'real', 'python3.12'), version: '3.12.9', exact: true })
  await rm(dir, { recursive: true })
})

it('answers with the real Python of this host, never with a shim', async ({ skip }) => {
  const found = await hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath }).find('PYTHON_3_12')
  if (!found) return skip('this host has no Python')
  expect(found.path).not.toContain('/shims/')
  expect(found.exact).toBe(found.version.startsWith('3.12.'))
})

it('takes the nearest newer one, else the newest older one', () => {
  const found = ['3.9.1', '3.10.2', '3.13.0'].map((version) => ({ path: `/${version}`, version }))
  expect(nearest(found, 'python', 10)?.version).toBe('3.10.2')
  expect(nearest(found, 'python', 11)?.version).toBe('3.13.0')
  expect(nearest(found, 'python', 14)?.version).toBe('3.13.0')
  expect(nearest([], 'python', 10)).toBeUndefined()
})

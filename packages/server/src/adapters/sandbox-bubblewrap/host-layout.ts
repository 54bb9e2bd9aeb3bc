// What of the host every sandbox sees, read-only: the system's programs and libraries, and an /etc of our own making.
import { lstat, readlink, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { resolverAddress } from '#adapters/egress/resolver.js'
import { makeFolder, writeReadable } from '#adapters/sandbox/readable.js'
import { hostNamesInside } from '#kernel/aws-hosts.js'

/** Where programs inside find whom to trust: the host's authorities and the platform's. */
export const trustedPath = '/etc/agentworks-trusted.pem'

/** Arguments of bubblewrap for the system's folders. `etcDir` is filled here; `trusted` is the text behind `trustedPath`. */
export async function systemBinds(etcDir: string, trusted: string | undefined): Promise<string[]> {
  await fillEtc(etcDir, trusted)
  const system = await Promise.all(['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].map(bindOrLink))
  const certificates = ['/etc/ssl', '/etc/pki', '/etc/ca-certificates', '/etc/alternatives', '/etc/ld.so.cache']
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...system.flat(),
    ...['--ro-bind-try', '/nix/store', '/nix/store'],
    ...['--ro-bind', etcDir, '/etc'],
    ...certificates.flatMap((path) => ['--ro-bind-try', path, path]),
  ]
}

async function bindOrLink(path: string): Promise<string[]> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return []
  return found.isSymbolicLink() ? ['--symlink', await readlink(path), path] : ['--ro-bind', path, path]
}

async function fillEtc(dir: string, trusted: string | undefined): Promise<void> {
  await makeFolder(dir, 0o755)
  // Mount points: in a read-only folder they must be there before.
  await Promise.all(['ssl', 'pki', 'ca-certificates', 'alternatives'].map((name) => makeFolder(join(dir, name), 0o755)))
  const files = {
    passwd: 'root:x:0:0:root:/nonexistent:/bin/false\nagent:x:1000:1000:agent:/home/agent:/bin/sh\n',
    group: 'root:x:0:\nagent:x:1000:\n',
    // `localhost` means one address only: the forwarder then finds the agent at the first try.
    // AWS's names mean the platform, for clients that dial them whatever their settings say.
    hosts: ['localhost agent', ...(trusted === undefined ? [] : hostNamesInside())].map((name) => `127.0.0.1 ${name}\n`).join(''),
    ...(trusted === undefined ? {} : { [basename(trustedPath)]: trusted }),
    // Answered in sessions that have internet; refused at once in the others.
    'resolv.conf': `nameserver ${resolverAddress}\noptions timeout:5 attempts:2\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'ld.so.cache': '',
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeReadable(join(dir, name), text)))
}

/** The host paths that an interpreter needs, beyond /usr. Its own folder and nothing beside it. */
export async function interpreterPaths(language: 'node' | 'python', path: string): Promise<string[]> {
  if (path.startsWith('/usr/') || path.startsWith('/nix/store/')) return []
  if (language === 'node') return [path]
  const prefix = dirname(dirname(path))
  if (!isShared(prefix)) return [prefix]
  // A Python in a folder that holds more (~/.local): its program and library alone.
  return [path, join(prefix, 'lib', basename(path))]
}

function isShared(prefix: string): boolean {
  return ['/', '/opt', '/home', homedir(), join(homedir(), '.local')].includes(prefix)
}

/** Whether a user without rights of its own can read the path: every folder above it lets others through. */
export async function isReadableByOthers(path: string): Promise<boolean> {
  const found = await stat(path)
  const wanted = found.isDirectory() ? 0o5 : 0o4
  if ((found.mode & wanted) !== wanted) return false
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (((await stat(dir)).mode & 0o1) === 0) return false
    if (dir === '/') return true
  }
}

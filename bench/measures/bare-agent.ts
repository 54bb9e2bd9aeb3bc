// Baseline: an agent without a platform, started by bubblewrap with the flags of our own profile, or as a plain process.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AgentCode } from '../platform.ts'
import { accepting, ended } from '../processes.ts'

export const canSandbox =
  spawnSync('bwrap', ['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--ro-bind', '/', '/', 'true']).status === 0

export interface BareAgent {
  socketPath: string
  stop(): Promise<void>
}

export async function bareAgent(language: 'node' | 'python', file: string, { sandboxed }: { sandboxed: boolean }): Promise<BareAgent> {
  const dir = mkdtempSync(join(tmpdir(), 'aw-b-'))
  const socketPath = join(dir, 'a.sock')
  const interpreter = language === 'node' ? process.execPath : (python?.path ?? 'python3')
  const child = sandboxed
    ? spawn('bwrap', [...hardened(interpreter, file, dir), '--', interpreter, join('/var/task', file.slice(dirname(file).length + 1))], {
        env: {},
        stdio: 'ignore',
      })
    : spawn(interpreter, [file], { env: { AGENT_SOCKET: socketPath }, stdio: 'ignore' })
  await accepting(socketPath)
  return {
    socketPath,
    async stop() {
      await ended(child, 'SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const python = findPython()

/** `python3` may be a shim that starts others first: asked for the program that it leads to. */
function findPython(): { path: string; runtime: AgentCode['runtime'] } | undefined {
  const question = 'import sys; print(sys.executable, "PYTHON_%d_%d" % sys.version_info[:2])'
  const found = spawnSync('python3', ['-c', question], { encoding: 'utf8' })
  const [path, runtime] = found.status === 0 ? found.stdout.trim().split(' ') : []
  if (!path || !runtime || !/^PYTHON_3_1[0-4]$/.test(runtime)) return undefined
  return { path: realpathSync(path), runtime: runtime as AgentCode['runtime'] }
}

/** Sends one invocation; resolves when its answer is complete. */
export function invokeOnce(socketPath: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = httpRequest({ socketPath, method: 'POST', path: '/invocations', headers, agent: false }, (answer) => {
      answer.resume()
      answer.on('end', resolve)
    })
    request.on('error', reject)
    request.end(body)
  })
}

function hardened(interpreter: string, file: string, socketDir: string): string[] {
  const links = ['/bin', '/sbin', '/lib', '/lib64'].filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path])
  const prefix = interpreter.startsWith('/usr/') ? [] : ['--ro-bind', prefixOf(interpreter), prefixOf(interpreter)]
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000', '--hostname', 'agent'],
    ...[
      '--cap-drop',
      'ALL',
      '--die-with-parent',
      '--new-session',
      '--clearenv',
      '--setenv',
      'TZ',
      'UTC',
      '--setenv',
      'AGENT_SOCKET',
      '/run/a/a.sock',
    ],
    ...['--ro-bind', '/usr', '/usr', ...links, '--proc', '/proc', '--dev', '/dev'],
    ...['--size', '67108864', '--tmpfs', '/dev/shm', '--remount-ro', '/dev', '--size', '536870912', '--perms', '1777', '--tmpfs', '/tmp'],
    ...['--size', '1073741824', '--tmpfs', '/home/agent', ...prefix, '--ro-bind', dirname(file), '/var/task', '--bind', socketDir, '/run/a'],
    ...['--chdir', '/var/task', '--remount-ro', '/'],
  ]
}

/** Node is one file; a Python needs the library beside its program. */
function prefixOf(interpreter: string): string {
  return interpreter.endsWith('/node') ? interpreter : dirname(dirname(interpreter))
}

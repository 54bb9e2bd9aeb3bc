// Tries each system call from inside a session, with Python's ctypes, which can make any.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostInterpreters } from '#adapters/interpreters.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { limitsOfTests } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { bubblewrapSandbox } from './sandbox.js'
import { absentCalls, allowedFamilies, errno, refusedCalls, systemCallFilter } from './system-calls.js'

const available = await bubblewrapAvailable()
const interpreters = hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath })
const python = (await interpreters.find('PYTHON_3_11'))?.path
const index = process.arch === 'arm64' ? 1 : 0
const reason = !available.ok
  ? available.reason
  : python === undefined
    ? 'no Python to make the calls'
    : ['x64', 'arm64'].includes(process.arch)
      ? ''
      : `no filter for ${process.arch}`

describe.skipIf(reason !== '')(`a session's system calls${reason && ` [skipped: ${reason}]`}`, () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aw-'))
    await chmod(dir, 0o711)
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function said(program: string): Promise<unknown> {
    const sandbox = bubblewrapSandbox({ runtimeDir: join(dir, 'r'), clock: systemClock, ids: randomIds })
    const id = randomIds.alphanumeric(8)
    const place = await sandbox.prepare(id)
    const codeDir = join(dir, id)
    await mkdir(codeDir)
    await writeFile(join(codeDir, 'agent.py'), program)
    const output: string[] = []
    const code = { codeDir, language: 'python' as const, interpreter: python ?? '', args: ['agent.py'] }
    const onOutput = (_stream: string, line: string) => void output.push(line)
    const instance = await sandbox.start({ place, program: code, networkMode: 'VPC', limits: limitsOfTests, env: {}, port: 8080, onOutput })
    await instance.exited
    return JSON.parse(output.join('\n'))
  }

  const numbered = (calls: typeof refusedCalls) =>
    Object.fromEntries(Object.entries(calls).flatMap(([name, numbers]) => ((numbers[index] ?? -1) < 0 ? [] : [[name, numbers[index]]])))
  const errorsOf = (calls: Record<string, unknown>) => `
import ctypes, json
libc = ctypes.CDLL(None, use_errno=True)
def error_of(number):
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0) == -1 else 0
print(json.dumps({name: error_of(number) for name, number in ${JSON.stringify(calls)}.items()}))`

  it('that no agent needs are refused, each of them', async () => {
    const calls = numbered(refusedCalls)
    expect(await said(errorsOf(calls))).toEqual(Object.fromEntries(Object.keys(calls).map((name) => [name, errno.EPERM])))
  })

  it('that programs can do without are answered as by a kernel that lacks them', async () => {
    const calls = numbered(absentCalls)
    expect(await said(errorsOf(calls))).toEqual(Object.fromEntries(Object.keys(calls).map((name) => [name, errno.ENOSYS])))
  })

  it('make sockets of the families that agents use, and of no other', async () => {
    const found = await said(`
import json, socket
def error_of(family):
    try: socket.socket(family, socket.SOCK_DGRAM if family != 16 else socket.SOCK_RAW).close()
    except OSError as error: return error.errno
    return 0
print(json.dumps([error_of(family) for family in range(1, 46)]))`)
    const families = Array.from({ length: 45 }, (_, at) => at + 1)
    expect(found).toEqual(families.map((family) => (allowedFamilies.some((one) => one === family) ? 0 : errno.EAFNOSUPPORT)))
  })

  it('make threads and processes, but none in namespaces of their own', async () => {
    const found = await said(`
import ctypes, json, os, platform, subprocess, threading
libc = ctypes.CDLL(None, use_errno=True)
clone = 220 if platform.machine() == "aarch64" else 56
def error_of(flags):
    ctypes.set_errno(0)
    pid = libc.syscall(ctypes.c_long(clone), ctypes.c_ulong(flags | 17), 0, 0, 0, 0)
    if pid == 0: os._exit(0)
    return ctypes.get_errno() if pid == -1 else 0
threads = threading.Thread(target=lambda: None); threads.start(); threads.join()
flags = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
print(json.dumps({"child": subprocess.run(["true"]).returncode, "plain": error_of(0), "namespaces": [error_of(flag) for flag in flags]}))`)
    expect(found).toEqual({ child: 0, plain: 0, namespaces: Array(7).fill(errno.EPERM) })
  })

  it('cannot write to a terminal as if its user had typed', async () => {
    const found = await said(`
import fcntl, json, os
def error_of(request):
    try: fcntl.ioctl(0, request, b"x")
    except OSError as error: return error.errno
    return 0
print(json.dumps([error_of(0x5412), error_of(0x541c), error_of(0x5401)]))`)
    expect(found).toEqual([errno.EPERM, errno.EPERM, 25])
  })
})

describe('the filter of system calls', () => {
  it('is there for both architectures, of whole instructions, and absent where the kernel has none', () => {
    for (const arch of ['x64', 'arm64']) expect((systemCallFilter(arch, 'Seccomp:\t0\n')?.length ?? 1) % 8).toBe(0)
    expect(systemCallFilter('x64', 'Name:\tnode\n')).toBeUndefined()
    expect(systemCallFilter('riscv64', 'Seccomp:\t0\n')).toBeUndefined()
  })
})

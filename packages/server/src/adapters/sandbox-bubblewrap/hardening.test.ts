import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTools } from '#adapters/egress/tools.js'
import { startPlatform } from '#adapters/sandbox/platform-process.fixture.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { Sandbox } from '#ports/sandbox.js'
import { limitsOfTests, until } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { bubblewrapSandbox } from './sandbox.js'

const available = await bubblewrapAvailable()

describe.skipIf(!available.ok)(`bubblewrap's hardening${available.ok ? '' : ` [skipped: ${available.reason}]`}`, () => {
  let dir: string
  let sandbox: Sandbox
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aw-'))
    await chmod(dir, 0o711)
    sandbox = bubblewrapSandbox({ runtimeDir: join(dir, 'r'), clock: systemClock, ids: randomIds })
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function run(program: string, env: Record<string, string> = {}, limits = limitsOfTests) {
    const id = randomIds.alphanumeric(8)
    const place = await sandbox.prepare(id)
    const codeDir = join(dir, id)
    await mkdir(codeDir)
    await writeFile(join(codeDir, 'agent.cjs'), program)
    const output: string[] = []
    const onOutput = (_stream: string, line: string) => output.push(line)
    const code = { codeDir, language: 'node' as const, interpreter: process.execPath, args: ['agent.cjs'] }
    const instance = await sandbox
      .start({ place, program: code, networkMode: 'VPC', limits, env, port: 8080, onOutput })
      .catch(async (error: unknown) => {
        await sandbox.discard(place)
        throw error
      })
    return { instance, output, place }
  }

  it('holds in every guarantee that the probe tries, except what this host has no programs for', async () => {
    const found = await sandbox.probe()
    const broken = found.filter(({ holds }) => !holds).map(({ name, detail }) => `${name}: ${detail}`)
    expect(found.length).toBeGreaterThanOrEqual(15)
    const expected = process.getuid?.() === 0 ? [] : [expect.stringContaining('a host user of its own')]
    const noInternet = 'reason' in (await findTools()) ? [expect.stringContaining('internet for networkMode PUBLIC')] : []
    expect(broken).toEqual([...expected, ...noInternet])
  })

  it('shows no secret in any command line or environment that the host can read, nor in that of process 1', async () => {
    const secret = `secret-${randomIds.alphanumeric(16)}`
    const { instance, output } = await run(
      `console.log(require('fs').readFileSync('/proc/1/environ').length); require('http').createServer().listen(8080)`,
      { KEY: secret },
    )
    await instance.listening(AbortSignal.timeout(5000))
    for (const file of ['cmdline', 'environ']) expect(await readFile(`/proc/${instance.pid}/${file}`, 'latin1')).not.toContain(secret)
    expect(output).toContain('0')
    await instance.stop(0)
  })

  it('refuses a variable whose value would begin an argument of its own', async () => {
    await expect(run('', { TRICK: 'x\0--bind\0/\0/tmp' })).rejects.toMatchObject({ name: 'PortError', code: 'cannot-start' })
    await expect(run('', { 'A=B': 'x' })).rejects.toMatchObject({ code: 'cannot-start' })
  })

  it('does not follow a link that the agent lays where its socket should be', async () => {
    const path = join(dir, 'host.sock')
    const host = createServer((_request, response) => response.end('of the host')).listen(path)
    await once(host, 'listening')
    await chmod(path, 0o777)
    const { instance } = await run(
      `require('fs').symlinkSync(${JSON.stringify(path)}, '/run/agentworks/agent/agent.sock'); console.log('laid'); setInterval(() => {}, 1000)`,
    )
    await expect(instance.listening(AbortSignal.timeout(700))).rejects.toMatchObject({ name: 'TimeoutError' })
    await instance.stop(0)
    host.close()
  })

  it('runs each session as a host user of its own when the platform is root', async ({ skip }) => {
    if (process.getuid?.() !== 0) return skip('the platform is not root')
    const program = `require('http').createServer((q, s) => s.end()).listen(8080)`
    const [first, second] = await Promise.all([run(program), run(program)])
    const owners = await Promise.all(
      [first, second].map(async ({ instance }) => /^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${instance.pid}/status`, 'latin1'))?.[1]),
    )
    expect(Number(owners[0])).toBeGreaterThan(49_999)
    expect(owners[0]).not.toBe(owners[1])
    await Promise.all([first.instance.stop(0), second.instance.stop(0)])
  })

  it('keeps from the agent what the platform itself inherited on its descriptors', { timeout: 40_000 }, async () => {
    const [path, codeDir] = [join(dir, 'of-the-operator'), join(dir, 'looks')]
    await mkdir(codeDir)
    await writeFile(
      join(codeDir, 'agent.cjs'),
      `const open = '/proc/self/fd'
      const { readdirSync, readlinkSync } = require('fs')
      const seen = readdirSync(open).map((fd) => { try { return fd + ' ' + readlinkSync(open + '/' + fd) } catch { return '' } })
      require('http').createServer().listen(8080)
      console.log('seen ' + seen.join(' ') + ' end')`,
    )
    const file = openSync(path, 'w')
    // Node closes the first ones on exec by itself; a gap ends that.
    const gap: 'ignore'[] = Array.from({ length: 60 }, () => 'ignore')
    const platform = startPlatform('bubblewrap', join(dir, 'other'), codeDir, [...gap, file])
    closeSync(file)
    let said = ''
    platform.stdout?.on('data', (text) => (said += text))
    await until(async () => said.includes(' end\n'), 30_000)
    expect(await readFile(`/proc/${platform.pid}/fdinfo/63`, 'latin1'), 'the platform has it').toContain('flags:')
    expect(said).not.toContain('of-the-operator')
    expect(said).toContain(' 63 /dev/null ')
    platform.kill('SIGKILL')
    await once(platform, 'exit')
  })

  it('leaves nothing writable but home, /tmp, shared memory and the socket folder', async () => {
    const { instance, output } = await run(`
      const fs = require('fs')
      const tried = fs.readFileSync('/proc/self/mounts', 'utf8').trim().split('\\n').map((line) => line.split(' ')[1])
      const writable = tried.filter((path) => { try { fs.writeFileSync(path + '/w', ''); return true } catch { return false } })
      console.log(writable.sort().join(' '), fs.readdirSync('/proc/self/fd').length)`)
    await instance.exited
    expect(output[0]?.split(' ').slice(0, -1)).toEqual(['/dev/shm', '/home/agent', '/run/agentworks/agent', '/tmp'])
  })

  it('gives what runs beside the agent no right, no file descriptor and no name of the host that the agent has not', async () => {
    const secret = `secret-${randomIds.alphanumeric(16)}`
    const { instance } = await run(
      `require('http').createServer().listen(8080); require('fs').writeFileSync(process.env.HOME + '/mine', facts())
      function facts() {
        const read = (path) => require('fs').readFileSync(path, 'utf8')
        return read('/proc/self/status').match(/^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):.*$/gm).join('\\n') +
          ['user', 'pid', 'net', 'mnt', 'ipc', 'uts', 'cgroup'].map((name) => require('fs').readlinkSync('/proc/self/ns/' + name)).join() + read('/proc/self/cgroup')
      }`,
      { KEY: secret },
    )
    await instance.listening(AbortSignal.timeout(5000))
    const script = `grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):' /proc/self/status | head -c -1 >~/theirs
      for name in user pid net mnt ipc uts cgroup; do readlink /proc/self/ns/$name; done | paste -sd, | head -c -1 >>~/theirs; cat /proc/self/cgroup >>~/theirs
      diff ~/mine ~/theirs && echo same; for fd in /proc/$$/fd/*; do readlink $fd; done >~/fds
      readlink /proc/2/fd/* >~/agents; grep -vxFf ~/agents ~/fds | grep -vcE '/exec[.]sock[.]|^/home/agent/fds$'; cat /proc/[0-9]*/cmdline | grep -c ${secret.slice(0, -1)}[${secret.slice(-1)}]`
    const execution = await instance.execute({ command: ['/bin/bash', '-c', script] })
    let said = ''
    for await (const { bytes } of execution.output) said += bytes
    // Beside its outputs, which are pipes of its own, nothing is open in it that is not open in the agent.
    expect(said).toBe('same\n0\n0\n')
    await instance.stop(0)
  })

  it('connects to no socket of the host that the agent offers as the way to start commands', async () => {
    const path = join(dir, 'trap.sock')
    let visits = 0
    const host = createServer().on('connection', () => {
      visits += 1
    })
    host.listen(path)
    await once(host, 'listening')
    await chmod(path, 0o777)
    const { instance } = await run(
      `require('fs').symlinkSync(${JSON.stringify(path)}, '/run/agentworks/agent/exec.sock'); require('http').createServer().listen(8080)`,
    )
    await instance.listening(AbortSignal.timeout(5000))
    const execution = await instance.execute({ command: ['/bin/bash', '-c', 'echo inside'] })
    for await (const { bytes } of execution.output) expect(bytes.toString()).toBe('inside\n')
    expect(visits).toBe(0)
    await instance.stop(0)
    host.close()
  })
})

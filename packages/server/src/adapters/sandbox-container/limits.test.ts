// What a container's limits and its store refuse, on a real engine.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { engineMissing, startTestEngine, type TestEngine } from './docker.fixture.js'
import { hostEngine } from './host-engine.js'
import { localImages } from './images.js'
import { containerSandbox } from './sandbox.js'

const missing = engineMissing()
vi.setConfig({ testTimeout: 60_000 })

describe('a container', () => {
  if (missing) return it('has limits', ({ skip }) => skip(missing))
  let engine: TestEngine
  let dir: string
  beforeAll(async () => {
    engine = await startTestEngine()
    dir = await mkdtemp(join(tmpdir(), 'aw-'))
  }, 60_000)
  afterAll(async () => {
    await engine.stop()
    await rm(dir, { recursive: true, force: true })
  }, 60_000)

  async function run(name: string, program: string) {
    const imageId = await engine.image(`aw-test/${name}`, { files: { 'agent.cjs': program } })
    const sandbox = containerSandbox({
      runtimeDir: join(dir, 'r'),
      host: hostEngine(engine.env),
      clock: systemClock,
      ids: randomIds,
      egress: hostEgress({ clock: systemClock, ids: randomIds }),
    })
    const place = await sandbox.prepare(name)
    const server = createServer((_request, response) => response.end()).listen(place.platformSocketPath)
    const said: string[] = []
    const limits = { memoryBytes: 128 << 20, cpus: 1, pids: 64 }
    const onOutput = (_stream: string, line: string) => said.push(line)
    const instance = await sandbox.start({ place, program: { imageId }, networkMode: 'VPC', limits, env: {}, port: 8080, onOutput })
    const exit = await instance.exited
    server.close()
    return { exit, said }
  }

  it('that takes more memory than it may is ended, and told why', async () => {
    const { exit } = await run('eater', 'const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1))')
    expect(exit).toEqual({ code: null, signal: 'SIGKILL', limit: 'out of memory: limit 128 MiB' })
  })

  it('cannot become another user, open devices of the host, change its settings, or see its network', async () => {
    const { said } = await run(
      'prisoner',
      `const fs = require('node:fs')
      const tried = (work) => { try { work(); return 'done' } catch (error) { return error.code } }
      console.log(JSON.stringify({
        user: tried(() => process.setuid(0)),
        device: tried(() => fs.openSync('/dev/kmsg', 'r')),
        sysctl: tried(() => fs.writeFileSync('/proc/sys/kernel/hostname', 'x')),
        interfaces: Object.keys(require('node:os').networkInterfaces()),
      }))`,
    )
    expect(JSON.parse(said[0] ?? '')).toEqual({ user: 'EPERM', device: 'ENOENT', sysctl: 'EROFS', interfaces: ['lo'] })
  })

  it('image is found by a name of images only', async () => {
    const images = localImages(hostEngine(engine.env))
    for (const name of ['nobody:1', '../containers/json', 'a//b', 'UPPER CASE', '']) expect(await images.find(name), name).toBeUndefined()
    expect(await images.find('aw-test/base:latest')).toMatchObject({ os: 'linux' })
    expect(await localImages(hostEngine({ DOCKER_HOST: 'tcp://127.0.0.1:1' })).available()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no unix socket'),
    })
  })
})

// Which sessions have a second Node process beside their agent, and that those which need it do not notice when it came.

import { homedir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostInterpreters } from '#adapters/interpreters.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { ask, type Fixture, makeFixture, until } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { bubblewrapSandbox } from './sandbox.js'

const available = await bubblewrapAvailable()
const interpreters = hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath })

describe.skipIf(!available.ok)(`the forwarder${available.ok ? '' : ` [skipped: ${available.reason}]`}`, () => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await makeFixture({
      open: (runtimeDir) => bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds }),
      node: await interpreters.find('NODE_22'),
      python: await interpreters.find('PYTHON_3_11'),
      addedVariables: () => [],
    })
  })
  afterAll(() => fixture.end())

  const programs = `fs.readdirSync('/proc').filter((n) => +n).map((n) => { try { return fs.readFileSync('/proc/' + n + '/comm', 'utf8').trim() } catch { return '' } })`
  const server = `http.createServer((q, s) => s.end(JSON.stringify(${programs}))).listen(8080)`

  it('is not there beside a Node agent that keeps to itself: process 1, the launcher, the agent', async () => {
    const { socketPath } = await fixture.startNode(`const fs = require('fs'), http = require('http'); ${server}
      fetch(process.env.AWS_ENDPOINT_URL).then((answer) => answer.text()).then(console.log)`)
    const seen = JSON.parse(await ask(socketPath, '/')) as string[]
    expect(seen.sort()).toEqual(['MainThread', 'bwrap', 'sh'].sort())
  })

  it('is there before the first process that a Node agent starts, whichever way it does', async () => {
    const child = `[process.execPath, ['-e', 'fetch(process.env.AWS_ENDPOINT_URL).then((answer) => answer.text()).then(console.log)']]`
    const ways = {
      spawnSync: `console.log(require('child_process').spawnSync(...${child}).stdout.toString().trim())`,
      execFileSync: `import('node:child_process').then(({ execFileSync }) => console.log(execFileSync(...${child}).toString().trim()))`,
      spawn: `require('child_process').spawn(...${child}, { stdio: 'inherit' })`,
      worker: `new (require('worker_threads').Worker)(\`require('child_process').spawn(...${child}, { stdio: 'inherit' })\`, { eval: true })`,
    }
    for (const [name, program] of Object.entries(ways)) {
      const { instance, output } = await fixture.launch('node', program)
      await instance.exited
      expect(output, name).toEqual([['stdout', 'the platform']])
    }
  })

  it('leads to an agent whose port only a child of it, or native code, listens on', async () => {
    const byChild = `const child = "require('http').createServer((q, s) => s.end('the child')).listen(8080)"
      require('child_process').spawn(process.execPath, ['-e', child], { stdio: 'inherit' })`
    expect(await ask((await fixture.startNode(byChild)).socketPath, '/')).toBe('the child')
    const byCluster = `const cluster = require('cluster')
      if (cluster.isPrimary) { cluster.fork(); cluster.fork() }
      else require('http').createServer((q, s) => s.end('a worker')).listen(8080)`
    expect(await ask((await fixture.startNode(byCluster)).socketPath, '/')).toBe('a worker')
    const native = `const { TCP, constants } = process.binding('tcp_wrap')
      const { Socket } = require('net'), handle = new TCP(constants.SERVER)
      handle.onconnection = (error, client) => new Socket({ handle: client })
        .once('data', function () { this.end('HTTP/1.1 200 OK\\r\\ncontent-length: 6\\r\\nconnection: close\\r\\n\\r\\nnative') })
      handle.bind('0.0.0.0', 8080); handle.listen(8)`
    expect(await ask((await fixture.startNode(native)).socketPath, '/')).toBe('native')
  })

  it('comes once, however often it is asked for', async () => {
    const { socketPath } = await fixture.startNode(`const fs = require('fs'), http = require('http'); ${server}
      for (let n = 0; n < 3; n++) require('child_process').spawnSync('true')`)
    await until(async () => (JSON.parse(await ask(socketPath, '/')) as string[]).filter((name) => name === 'MainThread').length === 2)
  })

  it('is there before the first command beside the agent', async () => {
    const { instance } = await fixture.startNode(`const fs = require('fs'), http = require('http'); ${server}`)
    const execution = await instance.execute({
      command: [process.execPath, '-e', 'fetch(process.env.AWS_ENDPOINT_URL).then((answer) => answer.text()).then(console.log)'],
    })
    let said = ''
    for await (const { bytes } of execution.output) said += Buffer.from(bytes).toString('utf8')
    expect(said).toBe('the platform\n')
  })
})

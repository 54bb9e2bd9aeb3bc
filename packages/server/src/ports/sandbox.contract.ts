// The promises of the sandbox port, as tests. Each adapter runs them; an exception is named with its reason.
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import { dirname } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asyncioAgent, nodeAgent, pythonAgent, stubbornAgent } from './sandbox-agents.fixture.js'
import { executeContract } from './sandbox-execute.contract.js'
import {
  ask,
  type Fixture,
  folderOf,
  limitsOfTests,
  makeFixture,
  processesNaming,
  type SandboxContract,
  send,
  until,
} from './sandbox-instances.fixture.js'

export function sandboxContract(contract: SandboxContract): void {
  const titled = (title: string, ready: boolean, work: () => Promise<void>) => {
    const reason = contract.exceptions?.[title] ?? (ready ? undefined : 'the interpreter is missing on this host')
    if (reason === undefined) return it(title, work)
    return it(title, ({ skip }) => skip(reason))
  }
  const promise = (title: string, work: (f: Fixture) => Promise<void>) => titled(title, contract.node !== undefined, () => work(fixture))
  const pythonPromise = (title: string, work: (f: Fixture) => Promise<void>) => titled(title, contract.python !== undefined, () => work(fixture))
  let fixture: Fixture

  beforeAll(async () => {
    fixture = await makeFixture(contract)
  })
  afterAll(() => fixture.end())

  describe('a Node agent', () => {
    promise('is reached over the socket, unmodified, on its own port', async ({ startNode }) => {
      const { socketPath, output } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/echo', 'said')).toBe('said')
      // Node tells the IPv4 caller of a server on both families in IPv6's form.
      expect(JSON.parse(await ask(socketPath, '/peer'))).toEqual([expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$/), 8080])
      expect(output).toContainEqual(['stdout', 'agent says hello'])
      expect(output).toContainEqual(['stderr', 'agent complains'])
    })

    promise('is found whichever host form it listens on', async ({ startNode }) => {
      for (const form of ['8080, "127.0.0.1"', '"8080"', '{ port: 8080, host: "localhost" }', '8080, "::1"', '8080, "0.0.0.0", 16']) {
        const { socketPath, instance } = await startNode(
          `require('node:http').createServer((q, s) => s.end('here')).listen(${form}, () => console.log('up'))`,
        )
        expect(await ask(socketPath, '/'), form).toBe('here')
        await instance.stop(100)
      }
    })

    promise('streams pieces as they come', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      const request = http.request({ socketPath, path: '/sse', method: 'POST' })
      request.flushHeaders()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      const [first] = (await once(response, 'data')) as [Buffer]
      expect(first.toString()).toBe('data: one\n\n')
      // The agent holds the second piece back until it is asked: the first cannot have waited for it.
      request.end('more')
      expect(await text(response)).toBe('data: two\n\n')
    })

    promise('takes and gives bodies of 10 MB', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      const body = Buffer.alloc(10 << 20, 'abcdefg')
      const answer = await send(socketPath, '/echo', body)
      expect((await buffer(answer)).equals(body)).toBe(true)
    })

    promise('gets exactly the environment that was given', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent, { COLOUR: 'blue = "red"\n$HOME', EMPTY: '' })
      const { AWS_ENDPOINT_URL, ...env } = JSON.parse(await ask(socketPath, '/env'))
      expect(env).toMatchObject({ COLOUR: 'blue = "red"\n$HOME', EMPTY: '' })
      expect(Object.keys(env).sort()).toEqual(['COLOUR', 'EMPTY', ...contract.addedVariables('node')].sort())
    })

    promise('cannot change its code', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/write')).toBe('EROFS')
    })

    promise('has a home and a temporary folder to write', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/places')).toMatch(/^\//)
    })

    promise('reaches the platform at its endpoint, and so do its children', async ({ startNode }) => {
      const { socketPath } = await startNode(nodeAgent)
      expect(await ask(socketPath, '/platform')).toBe('the platform')
      expect(await ask(socketPath, '/child-platform')).toBe('the platform')
    })

    promise('may be an ES module, be given options for Node, and use fetch', async ({ startNode }) => {
      const { socketPath } = await startNode(
        `import('node:http').then(({ default: http }) => http.createServer(async (q, s) =>
          s.end(process.title + ' ' + await (await fetch(process.env.AWS_ENDPOINT_URL)).text())).listen(8080))`,
        { NODE_OPTIONS: '--title=chosen' },
      )
      expect(await ask(socketPath, '/')).toBe('chosen the platform')
    })

    promise('hears that its caller has gone away', async ({ startNode }) => {
      const { socketPath, output } = await startNode(`
        require('node:http').createServer((q, s) => { s.write('begun'); s.on('close', () => console.log('closed', s.writableFinished)) }).listen(8080)`)
      const response = await send(socketPath, '/')
      await once(response, 'data')
      response.destroy()
      await until(async () => output.some(([, line]) => line === 'closed false'))
    })

    promise('listens side by side with another on the same port', async ({ startNode }) => {
      const agents = await Promise.all(
        ['a', 'b'].map((name) => startNode(`require('node:http').createServer((q, s) => s.end('${name}')).listen(8080)`)),
      )
      expect(await Promise.all(agents.map(({ socketPath }) => ask(socketPath, '/')))).toEqual(['a', 'b'])
    })

    promise('is found again after it has closed its server and opened a new one', async ({ startNode }) => {
      const { instance, socketPath } = await startNode(`
        const http = require('node:http')
        const first = http.createServer((q, s) => { s.end('first'); first.close(() => http.createServer((q, s) => s.end('second')).listen(8080)); first.closeAllConnections() })
        first.listen(8080)`)
      await ask(socketPath, '/').catch(() => {})
      await until(async () => (await ask((await instance.listening(AbortSignal.timeout(5000))).socketPath, '/').catch(() => '')) === 'second')
    })
  })

  describe('a Python agent', () => {
    pythonPromise('is reached over the socket, unmodified, on its own port', async ({ startPython }) => {
      const { socketPath, output } = await startPython(pythonAgent)
      expect(JSON.parse(await ask(socketPath, '/peer'))).toEqual(['127.0.0.1', 8080])
      expect(await ask(socketPath, '/', 'x'.repeat(10 << 20))).toHaveLength(10 << 20)
      expect(output).toContainEqual(['stdout', 'agent says hello'])
      const { AWS_ENDPOINT_URL, ...env } = JSON.parse(await ask(socketPath, '/env'))
      expect(Object.keys(env).sort()).toEqual(contract.addedVariables('python').sort())
    })

    pythonPromise('may be an asyncio server, and reaches the platform', async ({ startPython }) => {
      const { socketPath } = await startPython(asyncioAgent)
      expect(await ask(socketPath, '/')).toContain("('127.0.0.1', ")
      const plain = await startPython(pythonAgent)
      await until(async () => (await ask(plain.socketPath, '/platform').catch(() => '')) === 'the platform')
    })
  })

  executeContract(contract.cannotExecute === undefined ? promise : (title) => it(title, ({ skip }) => skip(contract.cannotExecute)))

  describe('the end', () => {
    promise('of an agent before it listens is told at once, with what it said', async ({ launch }) => {
      const { instance, output } = await launch('node', "console.error('no such luck'); process.exit(7)")
      await expect(instance.listening(AbortSignal.timeout(5000))).rejects.toMatchObject({ name: 'PortError', port: 'sandbox', code: 'exited' })
      expect(output).toContainEqual(['stderr', 'no such luck'])
      expect(await instance.exited).toEqual({ code: 7, signal: null })
    })

    promise('of waiting comes with the reason of the signal', async ({ launch }) => {
      const { instance } = await launch('node', 'setInterval(() => {}, 1000)')
      await expect(instance.listening(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
      await instance.stop(100)
    })

    promise('by stop takes the children too, even deaf ones, and leaves no folder', async ({ startNode }) => {
      const { instance, place, output } = await startNode(stubbornAgent)
      await until(async () => output.filter(([, line]) => line === 'child up').length === 2)
      await Promise.all([instance.stop(200), instance.stop(200)])
      expect(output).toContainEqual(['stdout', 'heard SIGTERM'])
      expect(await processesNaming(place)).toEqual([])
      expect(await readdir(dirname(folderOf(place)))).not.toContain(place.instanceId)
    })

    promise('by stop is gentle first', async ({ startNode }) => {
      const { instance, output } = await startNode(`
        process.on('SIGTERM', () => { console.log('tidy'); process.exit(0) })
        require('node:http').createServer((q, s) => s.end()).listen(8080)`)
      await instance.stop(10_000)
      expect(output).toContainEqual(['stdout', 'tidy'])
      expect(await instance.exited).toEqual({ code: 0, signal: null })
    })

    promise('of a place that never started leaves nothing', async ({ sandbox }) => {
      const place = await sandbox.prepare('unused')
      await sandbox.discard(place)
      await sandbox.discard(place)
      expect(await readdir(dirname(folderOf(place)))).not.toContain('unused')
    })
  })

  promise('code that is missing is a refusal to start or an early exit, told as such', async ({ sandbox }) => {
    const place = await sandbox.prepare('nocode')
    const program = { codeDir: '/nonexistent', language: 'node' as const, interpreter: contract.node?.path ?? '', args: ['agent.cjs'] }
    const started = sandbox.start({ place, program, networkMode: 'VPC', limits: limitsOfTests, env: {}, port: 8080, onOutput: () => {} })
    await expect(started.then((instance) => instance.listening(AbortSignal.timeout(5000)))).rejects.toMatchObject({
      name: 'PortError',
      port: 'sandbox',
    })
    await sandbox.discard(place)
  })

  promise('an entry point that is missing ends with an exit, not with a hang', async ({ launch }) => {
    const { instance } = await launch('node', undefined)
    await expect(instance.listening(AbortSignal.timeout(5000))).rejects.toMatchObject({ code: 'exited' })
  })

  promise('a flood of output neither ends the agent nor fills the memory', async ({ startNode }) => {
    const { socketPath, output, instance } = await startNode(`
      const line = 'x'.repeat(1000) + '\\n'
      for (let count = 0; count < 20000; count++) process.stdout.write(line)
      process.stdout.write('y'.repeat(200_000) + '\\n')
      require('node:http').createServer((q, s) => s.end('ok')).listen(8080)`)
    expect(await ask(socketPath, '/')).toBe('ok')
    await until(async () => output.some(([, line]) => line.includes('bytes of output dropped')))
    expect(Math.max(...output.map(([, line]) => line.length))).toBeLessThanOrEqual(65_536)
    await instance.stop(1000)
  })
}

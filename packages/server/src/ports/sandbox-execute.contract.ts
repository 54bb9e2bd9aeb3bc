// What `Instance.execute` promises, as tests that each adapter runs.
import { describe, expect } from 'vitest'
import type { ExecutionSpec, Instance, InstanceExit } from './sandbox.js'
import { nodeAgent } from './sandbox-agents.fixture.js'
import { type Fixture, processesNaming, until } from './sandbox-instances.fixture.js'

type Promised = (title: string, work: (fixture: Fixture) => Promise<void>) => void

const bash = (script: string): ExecutionSpec => ({ command: ['/bin/bash', '-c', script] })
const shell: ExecutionSpec = { command: ['/bin/bash', '--norc'], env: { TERM: 'dumb', PS1: '$ ' }, terminal: { columns: 100, rows: 30 } }

interface Ran {
  stdout: string
  stderr: string
  exit: InstanceExit
}

async function run(instance: Instance, spec: ExecutionSpec): Promise<Ran> {
  const execution = await instance.execute(spec)
  const said = { stdout: '', stderr: '' }
  for await (const { stream, bytes } of execution.output) said[stream] += bytes.toString('latin1')
  return { ...said, exit: await execution.exited }
}

/** Reads a shell's output until it holds the text. */
async function shellOf(instance: Instance) {
  const execution = await instance.execute(shell)
  let screen = ''
  const read = (async () => {
    for await (const { bytes } of execution.output) screen += bytes.toString('utf8')
  })()
  return {
    execution,
    read,
    type: (text: string) => execution.write(Buffer.from(text)),
    shows: (text: string | RegExp) => until(async () => (typeof text === 'string' ? screen.includes(text) : text.test(screen))),
  }
}

export function executeContract(promised: Promised): void {
  // Each test ends what it started: two processes for each instance, and all at once at the end, is a burst of its own.
  const promise: Promised = (title, work) =>
    promised(title, async (fixture) => {
      const started: Instance[] = []
      const startNode: Fixture['startNode'] = async (...args) => {
        const one = await fixture.startNode(...args)
        started.push(one.instance)
        return one
      }
      await work({ ...fixture, startNode }).finally(() => Promise.all(started.map((instance) => instance.stop(0))))
    })

  describe('a command beside the agent', () => {
    promise('has its two outputs and its exit code told', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      expect(await run(instance, bash('echo out; echo err >&2; exit 7'))).toEqual({
        stdout: 'out\n',
        stderr: 'err\n',
        exit: { code: 7, signal: null },
      })
      expect((await run(instance, bash('kill -TERM $$'))).exit).toEqual({ code: null, signal: 'SIGTERM' })
    })

    promise('has the environment, the working folder and the user of the agent, and an empty input', async ({ startNode }) => {
      const { instance } = await startNode(`require('node:http').createServer((q, s) => s.end()).listen(8080)`, { COLOUR: 'blue = "red"\n$HOME' })
      const { stdout } = await run(instance, {
        ...bash('printf "%s|" "$COLOUR" "$MORE" "$(ls)" "$(cat)" "$(id -u)" "$(stat -c %u "$HOME")"'),
        env: { MORE: 'm' },
      })
      const [colour, more, files, input, user, owner] = stdout.split('|')
      expect([colour, more, files, input]).toEqual(['blue = "red"\n$HOME', 'm', 'agent.cjs', ''])
      expect(user).toBe(owner)
    })

    promise('sees what the agent wrote, and is seen by it', async ({ startNode }) => {
      const { instance, output } = await startNode(`
        const fs = require('node:fs')
        fs.writeFileSync(process.env.HOME + '/from-agent', 'hello')
        setInterval(() => fs.existsSync(process.env.HOME + '/from-command') && console.log('seen'), 20).unref()
        require('node:http').createServer((q, s) => s.end()).listen(8080)`)
      expect((await run(instance, bash('cat ~/from-agent; touch ~/from-command'))).stdout).toBe('hello')
      await until(async () => output.some(([, line]) => line === 'seen'))
    })

    promise('tells all of a big output, unharmed, and waits for a reader that pauses', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      const execution = await instance.execute(bash('head -c 30000000 /dev/zero; echo done > ~/finished; echo -n end'))
      let bytes = 0
      let last = ''
      for await (const piece of execution.output) {
        // While this reader has not taken the first piece, the command cannot have come to its end.
        if (bytes === 0) expect((await run(instance, bash('test -e ~/finished'))).exit.code).toBe(1)
        bytes += piece.bytes.length
        last = piece.bytes.subarray(-3).toString()
      }
      expect([bytes, last]).toEqual([30_000_003, 'end'])
    })

    promise('ends when its shell does, whatever it left in the background', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      const { stdout, exit } = await run(instance, bash('sleep 1000 & echo begun'))
      expect([stdout, exit.code]).toEqual(['begun\n', 0])
    })

    promise('is ended with its children', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      const execution = await instance.execute(bash('trap "" TERM HUP INT; sleep 12345 & sleep 12345; echo never'))
      execution.kill()
      for await (const _ of execution.output) expect.fail('it said something')
      expect((await execution.exited).signal).toBe('SIGKILL')
      const left = 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " | grep -c "sleep 1234[5]"'
      await until(async () => (await run(instance, bash(left))).stdout === '0\n')
    })

    promise('runs beside others', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      const all = await Promise.all(Array.from({ length: 8 }, (_, index) => run(instance, bash(`sleep 0.0${index}; echo ${index}`))))
      expect(all.map(({ stdout }) => stdout)).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n', '6\n', '7\n'])
    })

    promise('that does not exist is refused by its name', async ({ startNode }) => {
      const { instance } = await startNode(nodeAgent)
      const missing = instance.execute({ command: ['/bin/no-such-shell'] })
      await expect(missing).rejects.toMatchObject({
        name: 'PortError',
        code: 'cannot-execute',
        message: expect.stringContaining('/bin/no-such-shell'),
      })
    })

    promise('ends with the session, and no other starts after it', async ({ startNode }) => {
      const { instance, place } = await startNode(nodeAgent)
      const execution = await instance.execute(bash('trap "" TERM; sleep 1000; echo never'))
      await instance.stop(200)
      expect((await execution.exited).code).toBeNull()
      expect(await processesNaming(place)).toEqual([])
      await expect(instance.execute(bash('true'))).rejects.toMatchObject({ name: 'PortError', code: 'exited' })
    })
  })

  describe('a shell beside the agent', () => {
    promise('has a terminal of the size that was asked for, and is told another', async ({ startNode }) => {
      const { execution, type, shows } = await shellOf((await startNode(nodeAgent)).instance)
      type('stty size; tty\n')
      await shows(/30 100\s/)
      await shows('/dev/pts/')
      execution.resize({ columns: 132, rows: 50 })
      type('stty size\n')
      await shows(/50 132\s/)
      execution.kill()
    })

    promise('takes signals from its keys, and tells its end', async ({ startNode }) => {
      const { execution, read, type, shows } = await shellOf((await startNode(nodeAgent)).instance)
      type('trap "echo caught" INT; echo re""ady; while :; do sleep 0.01; done\n')
      await shows('ready')
      type('\x03')
      await shows('caught')
      type('\x1c')
      execution.kill()
      await read
      expect(await execution.exited).toMatchObject({ code: null })
      const second = await shellOf((await startNode(nodeAgent)).instance)
      second.type('exit 9\n')
      await second.read
      expect(await second.execution.exited).toEqual({ code: 9, signal: null })
    })
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { agentProcess, watchChild } from './agent-process.js'

it('knows the end of an agent that ended before anybody could ask for it', async () => {
  const child = spawn(process.execPath, ['-e', 'console.error("too soon"); process.exit(3)'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const exit = watchChild(child, systemClock, (_stream, line) => void lines.push(line))
  // What setting up a sandbox takes in reality: the child is gone by the time the instance is made.
  await once(child, 'close')
  const nothing = async () => undefined
  const instance = agentProcess({
    isolation: 'process',
    pid: child.pid ?? 0,
    reach: () => ({ to: 'host' }),
    child,
    exit,
    socket: {
      now: async () => undefined,
      accepting: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      standIn: async () => undefined,
      close: () => undefined,
    },
    executions: { execute: () => expect.fail('nothing is executed here'), close: () => undefined },
    clock: systemClock,
    askToEnd: nothing,
    endTree: nothing,
    treeEnded: nothing,
    removePlace: nothing,
  })
  await expect(instance.listening(new AbortController().signal)).rejects.toMatchObject({ code: 'exited' })
  expect(await instance.exited).toEqual({ code: 3, signal: null })
  await instance.stop(1_000)
  expect(lines).toEqual(['too soon'])
})

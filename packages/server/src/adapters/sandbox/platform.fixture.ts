// A platform in a process of its own, for tests that kill one: starts an agent with two children, says so, and waits.
// Run with --conditions=agentworks-source and the hook of `platformArguments`. Arguments: LEVEL RUNTIME_DIR CODE_DIR.
import { createServer } from 'node:http'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'

const [level, runtimeDir = '', codeDir = ''] = process.argv.slice(2)
const sandbox =
  level === 'bubblewrap' ? bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds }) : processSandbox({ runtimeDir, clock: systemClock })
const place = await sandbox.prepare('orphan')
createServer((_request, response) => response.end()).listen(place.platformSocketPath)
const instance = await sandbox.start({
  place,
  program: { codeDir, language: 'node', interpreter: process.execPath, args: ['agent.cjs'] },
  networkMode: 'VPC',
  limits: { memoryBytes: 1 << 30, cpus: 1, pids: 128 },
  env: {},
  port: 8080,
  onOutput: (_stream, line) => console.log(line),
})
await instance.listening(AbortSignal.timeout(10_000))
console.log('listening')
setInterval(() => {}, 1000)

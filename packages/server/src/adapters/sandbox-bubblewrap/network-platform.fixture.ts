// A platform in a network of the test's own. Reads a session to run from each line of standard input, and prints how it went.
// Run with --conditions=agentworks-source and the hook of `platformArguments`. Arguments: RUNTIME_DIR.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { vpcFile } from '#adapters/egress/vpc-file.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { Instance, InstanceSpec } from '#ports/sandbox.js'
import { bubblewrapSandbox } from './sandbox.js'

/** The session is told as ended when it has ended, or at its first line when it is to stay. */
export interface SessionOrder extends Pick<InstanceSpec, 'program' | 'networkMode' | 'vpc' | 'env'> {
  id: string
  stays?: boolean
}

const [runtimeDir = ''] = process.argv.slice(2)
const refused = { ipv4: ['203.0.113.66/32'], ipv6: ['2001:db8:2::66/128'] }
const vpcMap = vpcFile(join(dirname(runtimeDir), 'vpc.json'))
const sandbox = bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds, egress: { refused, resolvers: ['10.1.2.3'], vpcMap } })
await sandbox.warm()
console.log(JSON.stringify({ id: 'ready' }))

const live = new Map<string, { instance: Instance; output: string[] }>()

async function run({ id, stays, ...order }: SessionOrder): Promise<void> {
  const place = await sandbox.prepare(id)
  const server = createServer((_request, response) => response.end('the platform')).listen(place.platformSocketPath)
  await once(server, 'listening')
  const output: string[] = []
  const limits = { memoryBytes: 1 << 30, cpus: 2, pids: 128 }
  let told = false
  const tell = (more: object) => {
    if (!told) console.log(JSON.stringify({ id, output, ...more }))
    told = true
  }
  const onOutput = (_stream: string, line: string) => {
    output.push(line)
    if (stays) tell({ reach: instance.reach, pid: instance.pid })
  }
  const instance = await sandbox.start({ ...order, place, limits, port: 8080, onOutput })
  live.set(id, { instance, output })
  const exit = await instance.exited
  live.delete(id)
  server.close()
  tell({ reach: instance.reach, exit })
}

for await (const line of createInterface(process.stdin)) {
  const [word, id = ''] = line.split(' ')
  if (word === 'now') {
    const { instance, output } = live.get(id) ?? {}
    console.log(JSON.stringify({ id: 'now', output: output?.slice(-1), reach: instance?.reach }))
  } else if (word === 'probe') console.log(JSON.stringify({ id: 'probe', found: await sandbox.probe() }))
  else run(JSON.parse(line) as SessionOrder).catch((fault: unknown) => console.log(JSON.stringify({ id: JSON.parse(line).id, fault: String(fault) })))
}
await sandbox.close()
process.exit()

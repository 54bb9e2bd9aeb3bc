// Reads a session to run from each line of standard input, and prints how it went.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import type { Instance, InstanceSpec, Sandbox } from '#ports/sandbox.js'

/** The session is told as ended when it has ended, or at its first line when it is to stay. */
export interface SessionOrder<Program> extends Pick<InstanceSpec<Program>, 'program' | 'networkMode' | 'vpc' | 'env'> {
  id: string
  stays?: boolean
}

const live = new Map<string, { instance: Instance; output: string[] }>()

/** Until standard input ends. */
export async function serveSessions<Program>(sandbox: Sandbox<Program>): Promise<void> {
  console.log(JSON.stringify({ id: 'ready' }))
  for await (const line of createInterface(process.stdin)) {
    const [word, id = ''] = line.split(' ')
    if (word === 'now') {
      const { instance, output } = live.get(id) ?? {}
      console.log(JSON.stringify({ id: 'now', output, reach: instance?.reach }))
      continue
    }
    if (word === 'probe') {
      console.log(JSON.stringify({ id: 'probe', found: await sandbox.probe() }))
      continue
    }
    const order = JSON.parse(line) as SessionOrder<Program>
    run(sandbox, order).catch((fault: unknown) => console.log(JSON.stringify({ id: order.id, fault: String(fault) })))
  }
  await sandbox.close()
}

async function run<Program>(sandbox: Sandbox<Program>, { id, stays, ...order }: SessionOrder<Program>): Promise<void> {
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

// The load generator: sends one prepared request over and over on kept-alive connections, and times each answer. A process of its
// own, on bare sockets, so that it takes as little as it can of the cores that it shares with what it measures.
import { connect, type Socket } from 'node:net'

export interface Plan {
  /** Where to connect. */
  at: { host: string; port: number } | { path: string }
  /** base64. */
  request: string
  connections: number
  ms: number
  /**
   * Never sleep while answers are awaited. In a virtual machine a write to a sleeping process costs its writer up to 30 µs for
   * waking the other core, which a server that keeps the generator busy never pays: without this, the slower side pays twice.
   */
  awake: boolean
}

export interface Outcome {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Of the first answer whose status was not 2xx. */
  failure?: string
}

process.on('message', (plan: Plan) => {
  run(plan).then((outcome) => process.send?.(outcome))
})

async function run({ at, request, connections, ms, awake }: Plan): Promise<Outcome> {
  const bytes = Buffer.from(request, 'base64')
  const times: number[] = []
  let failure: string | undefined
  const from = performance.now()
  const until = from + ms
  let isOver = false
  if (awake) spin()
  await Promise.all(Array.from({ length: connections }, one))
  isOver = true
  const seconds = (performance.now() - from) / 1000
  times.sort((a, b) => a - b)
  const at100 = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { perSecond: times.length / seconds, p50Ms: at100(0.5), p99Ms: at100(0.99), failure }

  function spin(): void {
    if (!isOver) setImmediate(spin)
  }

  function one(): Promise<void> {
    return new Promise((resolve) => {
      const socket: Socket = connect(at)
      socket.setNoDelay?.(true)
      let sentAt = 0
      let received: Buffer | undefined
      const send = () => {
        sentAt = performance.now()
        socket.write(bytes)
      }
      socket.on('connect', send)
      socket.on('data', (piece: Buffer) => {
        received = received ? Buffer.concat([received, piece]) : piece
        if (!isComplete(received)) return
        const now = performance.now()
        times.push(now - sentAt)
        if (received[9] !== 0x32) failure ??= received.toString('latin1', 0, 2000)
        received = undefined
        if (now < until && failure === undefined) send()
        else socket.end()
      })
      socket.on('error', (error) => {
        failure ??= error.message
      })
      socket.on('close', () => {
        if (received !== undefined || performance.now() < until) failure ??= 'the connection closed before the answer was complete'
        resolve()
      })
    })
  }
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('\r\n0\r\n\r\n')

function isComplete(received: Buffer): boolean {
  const end = received.indexOf(headEnd)
  if (end < 0) return false
  // 204 has no body.
  if (received.toString('latin1', 9, 12) === '204') return true
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, end))?.[1]
  if (length !== undefined) return received.length >= end + 4 + Number(length)
  return received.subarray(-lastChunk.length).equals(lastChunk)
}

// Names for sessions. The host's resolvers often sit where no session may send anything, so the platform asks them in its place:
// so many questions a second for each session, and nothing but questions.
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns'
import { connect } from 'node:net'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import { ownAnswer } from './own-names.js'

export interface NamesOptions {
  /** Resolvers, as `1.2.3.4`, `1.2.3.4:5353` or `[::1]:53`; empty for the host's own. */
  upstreams: readonly string[]
  ids: Ids
  clock: Clock
}

/** `from` is the session's address in its network; the answer is a message in any case. `own`: who is asked for it, in place of the others; nobody when empty. */
export type Names = (from: string, question: Buffer, own?: readonly string[]) => Promise<Buffer>

/** A resolver asked in vain is left for the next one. */
const answerMs = 3000
const questionsASecond = 100
const waitingEach = 64
const headerBytes = 12
const refusedCode = 5
const failedCode = 2

export function names({ upstreams, ids, clock }: NamesOptions): Names {
  const allowed = perSecond(questionsASecond, clock)
  const waiting = new Map<string, number>()
  return async (from, question, own) => {
    const count = waiting.get(from) ?? 0
    if (!isQuestion(question) || count >= waitingEach || !allowed(from)) return withoutAnswer(question, refusedCode)
    const platforms = ownAnswer(question.subarray(0, headerBytes), questionOf(question))
    if (platforms) return platforms
    if (own?.length === 0) return withoutAnswer(question, refusedCode)
    waiting.set(from, count + 1)
    try {
      for (const server of own ?? (upstreams.length > 0 ? upstreams : new Resolver().getServers())) {
        const found = await ask(server, question, ids).catch(() => undefined)
        if (found) return found
      }
      return withoutAnswer(question, failedCode)
    } finally {
      const left = (waiting.get(from) ?? 1) - 1
      if (left > 0) waiting.set(from, left)
      else waiting.delete(from)
    }
  }
}

/** Behind its length, as messages go on a stream (RFC 1035 4.2.2). */
const framed = (message: Buffer) => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** A standard query with one question; updates, notifications and answers are not passed on. */
function isQuestion(message: Buffer): boolean {
  const flags = message.readUInt16BE(2)
  return (flags & 0xf800) === 0 && message.readUInt16BE(4) === 1 && message.readUInt16BE(6) === 0 && questionOf(message) !== undefined
}

/** Header and question alone, with the code. */
function withoutAnswer(message: Buffer, code: number): Buffer {
  const question = questionOf(message) ?? Buffer.alloc(0)
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(message.readUInt16BE(0), 0)
  header.writeUInt16BE(0x8080 | (message.readUInt16BE(2) & 0x7900) | code, 2)
  header.writeUInt16BE(question.length > 0 ? 1 : 0, 4)
  return Buffer.concat([header, question])
}

/** The bytes of name, type and class. Undefined when they do not end within the message. */
function questionOf(message: Buffer): Buffer | undefined {
  let at = headerBytes
  for (;;) {
    const length = message[at]
    if (length === undefined || length > 63) return undefined
    at += 1 + length
    if (length === 0) break
  }
  return at + 4 <= message.length ? message.subarray(headerBytes, at + 4) : undefined
}

/** With an id and a port of our own each time, so that the session cannot foresee what an answer must look like. */
async function ask(server: string, question: Buffer, ids: Ids): Promise<Buffer> {
  const { address, port } = parseServer(server)
  const asked = Buffer.from(question)
  asked.writeUInt16BE(Number.parseInt(ids.uuid().slice(0, 4), 16), 0)
  const answers = (message: Buffer) =>
    message.length >= headerBytes &&
    message.readUInt16BE(0) === asked.readUInt16BE(0) &&
    (message.readUInt16BE(2) & 0x8000) !== 0 &&
    sameQuestion(message, asked)
  const overUdp = await askByDatagram({ address, port }, asked, answers)
  const isCut = (overUdp.readUInt16BE(2) & 0x0200) !== 0
  const found = Buffer.from(isCut ? await askByStream({ address, port }, asked, answers) : overUdp)
  found.writeUInt16BE(question.readUInt16BE(0), 0)
  return found
}

/** Resolvers may keep or change the case of the name that they repeat. */
function sameQuestion(message: Buffer, asked: Buffer): boolean {
  const [theirs, ours] = [questionOf(message), questionOf(asked)].map((question) => question?.toString('latin1').toLowerCase())
  return message.readUInt16BE(4) === 1 && theirs === ours
}

interface Server {
  address: string
  port: number
}

function askByDatagram({ address, port }: Server, question: Buffer, answers: (message: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const late = setTimeout(() => settle(() => reject(new Error('no answer'))), answerMs)
    const settle = (with_: () => void) => {
      clearTimeout(late)
      socket.removeAllListeners('message')
      socket.close()
      with_()
    }
    socket.once('error', (error) => settle(() => reject(error)))
    socket.on('message', (message: Buffer) => answers(message) && settle(() => resolve(message)))
    // Connected: the kernel drops what comes from anyone else.
    socket.connect(port, address, () => socket.send(question))
  })
}

function askByStream({ address, port }: Server, question: Buffer, answers: (message: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port }, () => socket.write(framed(question)))
    let text = Buffer.alloc(0)
    socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed without an answer')))
    socket.on('data', (piece: Buffer) => {
      text = Buffer.concat([text, piece])
      if (text.length < 2 || text.length < 2 + text.readUInt16BE(0)) return
      const message = text.subarray(2, 2 + text.readUInt16BE(0))
      socket.destroy()
      if (answers(message)) resolve(message)
      else reject(new Error('not the answer'))
    })
  })
}

function parseServer(server: string): Server {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(server) ?? []
  return { address: bracketed ?? plain ?? server, port: Number(port ?? 53) }
}

/** True so many times in each second for each session. */
function perSecond(most: number, clock: Clock): (from: string) => boolean {
  let second = 0
  const counts = new Map<string, number>()
  return (from) => {
    const now = Math.floor(clock.now() / 1000)
    if (now !== second) counts.clear()
    second = now
    const count = counts.get(from) ?? 0
    if (count >= most) return false
    counts.set(from, count + 1)
    return true
  }
}

// Runs in the router's namespace, where sessions reach it and nothing else does: port 53, by datagram and by stream. Each question
// goes to the platform as a line of JSON on standard output, and its answer comes back on standard input; when that ends, so does this.
// Nothing here decides anything. Usage: resolver.cjs ADDRESS
const dgram = require('node:dgram')
const net = require('node:net')
const readline = require('node:readline')

const address = process.argv[process.argv.length - 1] ?? ''
const headerBytes = 12
/** What a datagram may hold: more with the extension that every resolver speaks, 512 bytes without it. */
const withExtension = 1232
const withoutExtension = 512
const questionBytes = 4096
const streamsEach = 16
const waitingMost = 1024
const idleMs = 10_000

/** @type {Map<number, (answer: Buffer | undefined) => void>} */
const waiting = new Map()
let asked = 0

/**
 * @param {string} from
 * @param {Buffer} question
 * @param {(answer: Buffer | undefined) => void} answered
 */
function ask(from, question, answered) {
  if (waiting.size >= waitingMost) return answered(undefined)
  asked += 1
  waiting.set(asked, answered)
  process.stdout.write(`${JSON.stringify({ id: asked, from, question: question.toString('base64') })}\n`)
}

/**
 * An answer that does not fit is cut down to "ask again by stream".
 * @param {Buffer} answer
 * @param {Buffer} question
 */
function fitted(answer, question) {
  const most = question.readUInt16BE(10) > 0 ? withExtension : withoutExtension
  if (answer.length <= most) return answer
  const cut = Buffer.from(question)
  cut.writeUInt16BE(question.readUInt16BE(2) | 0x8280, 2)
  return cut
}

const datagrams = dgram.createSocket('udp4')
datagrams.on('message', (question, asker) => {
  if (question.length < headerBytes || question.length > questionBytes) return
  ask(asker.address, question, (answer) => answer && datagrams.send(fitted(answer, question), asker.port, asker.address, () => {}))
})

/** @type {Map<string, number>} */
const open = new Map()
const streams = net.createServer({ allowHalfOpen: true }, (socket) => {
  const from = socket.remoteAddress ?? ''
  const count = open.get(from) ?? 0
  socket.on('error', () => {})
  if (count >= streamsEach) return void socket.destroy()
  open.set(from, count + 1)
  socket.on('close', () => {
    const left = (open.get(from) ?? 1) - 1
    if (left > 0) open.set(from, left)
    else open.delete(from)
  })
  socket.setTimeout(idleMs, () => socket.destroy())
  serve(socket, from)
})

/**
 * One question at a time: whoever does not read its answers is asked for no more.
 * @param {net.Socket} socket
 * @param {string} from
 */
function serve(socket, from) {
  let text = Buffer.alloc(0)
  let isEnding = false
  const next = () => {
    if (text.length < 2) return isEnding ? void socket.end() : void socket.resume()
    const length = text.readUInt16BE(0)
    if (length < headerBytes || length > questionBytes) return void socket.destroy()
    if (text.length < 2 + length) return isEnding ? void socket.end() : void socket.resume()
    const question = Buffer.from(text.subarray(2, 2 + length))
    text = text.subarray(2 + length)
    socket.pause()
    ask(from, question, (answer) => {
      if (!answer || socket.destroyed) return void socket.destroy()
      const head = Buffer.alloc(2)
      head.writeUInt16BE(answer.length)
      socket.write(Buffer.concat([head, answer]), next)
    })
  }
  socket.on('data', (piece) => {
    text = Buffer.concat([text, piece])
    next()
  })
  socket.on('end', () => {
    isEnding = true
    if (text.length === 0 && !socket.isPaused()) socket.end()
  })
}

readline.createInterface(process.stdin).on('line', (line) => {
  const { id, answer } = JSON.parse(line)
  waiting.get(id)?.(answer === undefined ? undefined : Buffer.from(answer, 'base64'))
  waiting.delete(id)
})
process.stdin.on('end', () => process.exit())
process.on('uncaughtException', () => {})

datagrams.bind(53, address, () => streams.listen(53, address, () => process.stdout.write('ready\n')))

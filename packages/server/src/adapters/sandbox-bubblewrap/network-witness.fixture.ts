// Whoever must not be visited, and who may: listens at every address of its network namespace, answers NAME, and says of each visit
// where it arrived. Arguments: NAME. Port 7000 by TCP and UDP, 53 as a resolver, an abstract socket called NAME.
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'

const [name = ''] = process.argv.slice(2)
const plain = (address = '') => address.replace('::ffff:', '')

function greet(socket: Socket) {
  console.log(`tcp ${plain(socket.localAddress)}`)
  socket.on('error', () => {})
  socket.end(name)
}

/** One socket for each address: an answer must come from where the question went. */
async function datagrams(port: number, answerTo: (message: Buffer, at: string) => Buffer): Promise<void> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const mine = addresses.map(({ address, scopeid }) => (scopeid ? undefined : address)).filter((address) => address !== undefined)
  await Promise.all(
    mine.map((at) => {
      const socket = createSocket(at.includes(':') ? 'udp6' : 'udp4')
      socket.on('message', (message, { port, address }) => socket.send(answerTo(message, at), port, address))
      return new Promise<void>((done) => socket.bind(port, at, done))
    }),
  )
}

function greeting(_message: Buffer, at: string): Buffer {
  console.log(`udp ${at}`)
  return Buffer.from(name)
}

// Answers `public.test` with a public address, `inside.test` with a private one, `long.test` with more than a datagram takes.
const records: Record<string, string[]> = {
  'public.test': ['203.0.113.10'],
  'inside.test': ['10.1.2.3'],
  'long.test': Array.from({ length: 120 }, (_unused, index) => `203.0.113.${index + 1}`),
}

function answer(question: Buffer, most: number): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString('latin1'))
    at += 1 + length
  }
  const isAddress = question.readUInt16BE(at + 1) === 1
  console.log(`dns ${labels.join('.')}`)
  const addresses = isAddress ? (records[labels.join('.').toLowerCase()] ?? []) : []
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  const found = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]))
  const whole = Buffer.concat([header, question.subarray(12, at + 5), ...found])
  if (whole.length <= most) return whole
  header.writeUInt16BE(0x8380, 2)
  header.writeUInt16BE(0, 6)
  return Buffer.concat([header, question.subarray(12, at + 5)])
}

const streamResolver = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (piece: Buffer) => {
    const found = answer(piece.subarray(2), 65_535)
    socket.write(Buffer.concat([Buffer.from([found.length >> 8, found.length & 255]), found]))
  })
})

await Promise.all([
  new Promise<void>((done) => createServer(greet).listen(7000, '::', done)),
  new Promise<void>((done) => createServer(greet).listen(`\0${name}`, done)),
  datagrams(7000, greeting),
  datagrams(53, (message) => answer(message, 512)),
  new Promise<void>((done) => streamResolver.listen(53, '::', done)),
])
console.log('listening')

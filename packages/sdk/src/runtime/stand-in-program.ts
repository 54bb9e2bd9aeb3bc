// What the stand-in's thread runs, as text: a bundle of one file has no second file to load it from. CommonJS, nothing but node.

/** `workerData`: `{ shared, port, host, socketPath }`; the places in `shared` are those of stand-in.ts. */
export const standInProgram = String.raw`
const http = require('node:http')
const net = require('node:net')
const fs = require('node:fs')
const { shared, port, host, socketPath, places, beatMs } = require('node:worker_threads').workerData
const state = new Int32Array(shared)
const patience = 4
const mostHeld = 256
let seen = -1
let still = 0
let door
let tunnels = 0
const held = new Map()

const pings = http.createServer((request, response) => {
  const status = Atomics.load(state, places.isBusy) ? 'HealthyBusy' : 'Healthy'
  const body = JSON.stringify({ status, time_of_last_update: Atomics.load(state, places.changedAt) })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, connection: 'close' }).end(body)
})

// A server of its own: who has left its file behind, killed, refuses; another app of the session that answers there keeps it.
function listenBeside() {
  const beside = http.createServer(pings.listeners('request')[0])
  beside.on('error', () => {
    net.connect(socketPath).on('connect', function () { this.destroy() }).on('error', ({ code }) => {
      if (code !== 'ECONNREFUSED') return
      fs.rmSync(socketPath, { force: true })
      listenBeside()
    })
  })
  beside.listen(socketPath)
}

function watch() {
  const beats = Atomics.load(state, places.beats)
  still = beats === seen ? still + 1 : 0
  seen = beats
  const isArmed = Atomics.load(state, places.isArmed) === 1
  if (door && (still === 0 || !isArmed)) handBack()
  else if (!door && isArmed && still >= patience) standIn()
  if (!door && !isArmed && tunnels === 0) {
    // Costs nothing while nothing goes on; the main thread wakes it up.
    Atomics.wait(state, places.isArmed, 0)
    seen = -1
  }
  setTimeout(watch, door ? 20 : beatMs)
}

function standIn() {
  door = net.createServer({ noDelay: true }, take)
  door.on('error', () => {
    door = undefined
    still = -60000 / beatMs
  })
  door.listen({ port, host, reusePort: true })
}

function take(socket) {
  if (held.size >= mostHeld) return socket.destroy()
  held.set(socket, [])
  socket.on('error', () => socket.destroy())
  socket.on('close', () => held.delete(socket))
  socket.on('data', sort)
}

function sort(piece) {
  const pieces = held.get(this)
  pieces.push(piece)
  const start = Buffer.concat(pieces).toString('latin1', 0, 11)
  if (/^(GET|HEAD) \/ping[ ?]/.test(start)) {
    release(this)
    pings.emit('connection', this)
  } else if (!'GET /ping'.startsWith(start) && !'HEAD /ping'.startsWith(start)) this.pause()
}

function release(socket) {
  const pieces = held.get(socket)
  held.delete(socket)
  socket.off('data', sort)
  socket.pause()
  if (pieces.length > 0) socket.unshift(Buffer.concat(pieces))
  socket.resume()
}

// The main thread takes connections again. Those that came meanwhile and are not for us reach it by a way round.
function handBack() {
  door.close()
  door = undefined
  for (const socket of [...held.keys()]) {
    const main = net.connect({ port, host: host === '0.0.0.0' ? '127.0.0.1' : host, noDelay: true })
    tunnels += 1
    main.on('close', () => {
      tunnels -= 1
      socket.destroy()
    })
    main.on('error', () => main.destroy())
    socket.on('close', () => main.destroy())
    release(socket)
    socket.pipe(main).pipe(socket)
  }
}

if (socketPath) listenBeside()
watch()
`

// Runs beside the agent and starts processes when the platform asks: commands with pipes, shells with a terminal.
// One connection is one process: its first frame says what to start, and when the connection ends so does the process group.
// Whatever is started here has the agent's user, namespaces, limits and filters, because this program has them: it is a child
// of the sandbox like the agent, and nothing enters from outside.
// A frame is: kind (1 byte), length of the payload (4 bytes, big endian), payload. adapters/sandbox/execution-frames.ts is the other end.
// With a port it serves once the forwarder accepts there: what it starts must find the platform.
// Usage: exec.cjs SOCKET TERMINAL_LIBRARY [end-with-input | PORT]
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const net = require('node:net')

const [socketPath = '', terminalLibrary = '', atEnd] = process.argv.slice(2)
const toHere = { start: 0, input: 1, resize: 2 }
const fromHere = { started: 0, stdout: 1, stderr: 2, exited: 3, refused: 4 }
const longestFrame = 1 << 20
/** What a terminal's reader has not taken yet: input beyond is dropped, as terminals do, or it would fill the session's memory. */
const mostInput = 1 << 20
const idleMs = 60_000
/** From SIGHUP to SIGKILL. */
const hangUpMs = 500

/** @typedef {{ columns: number, rows: number }} TerminalSize */
/** @typedef {{ command: string[], env: Record<string, string>, cwd: string, terminal?: TerminalSize }} Start */
/** @typedef {{ input?: (bytes: Buffer) => void, resize?: (size: TerminalSize) => void, end: () => void }} Running */

/** @type {Set<() => void>} */
const running = new Set()
let connections = 0
let pipes = 0
/** @type {NodeJS.Timeout | undefined} */
let idle

/** @param {net.Socket} socket */
function serve(socket) {
  connections += 1
  clearTimeout(idle)
  /** @type {Running | undefined} */
  let execution
  const send = (/** @type {number} */ kind, /** @type {Buffer | string} */ payload) => socket.write(frame(kind, payload))
  const end = () => execution?.end()
  running.add(end)
  readFrames(socket, (kind, payload) => {
    if (kind === toHere.start && !execution) {
      try {
        const wish = JSON.parse(payload.toString('utf8'))
        execution = wish.terminal ? startTerminal(wish, socket, send) : startCommand(wish, socket, send)
      } catch (error) {
        refuse(error)
      }
    } else if (kind === toHere.input) execution?.input?.(payload)
    else if (kind === toHere.resize) execution?.resize?.(JSON.parse(payload.toString('utf8')))
  })
  /** @param {unknown} error */
  function refuse(error) {
    send(fromHere.refused, JSON.stringify({ message: error instanceof Error ? error.message : String(error) }))
    socket.end()
  }
  socket.on('error', () => {})
  socket.on('close', () => {
    running.delete(end)
    end()
    connections -= 1
    if (connections === 0) idle = setTimeout(() => process.exit(), idleMs)
  })
}

/**
 * @param {Start} wish
 * @param {net.Socket} socket
 * @param {(kind: number, payload: Buffer | string) => boolean} send
 * @returns {Running}
 */
function startCommand({ command: [program = '', ...args], env, cwd }, socket, send) {
  const pipes = { stdout: pipe(), stderr: pipe() }
  // Detached: a process group of its own, so that its children end with it.
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', pipes.stdout.write, pipes.stderr.write] })
  for (const { write } of Object.values(pipes)) fs.closeSync(write)
  const { pid } = child
  child.once('error', (error) => {
    if (pid === undefined) send(fromHere.refused, JSON.stringify({ message: error.message }))
    socket.end()
  })
  if (pid !== undefined) send(fromHere.started, JSON.stringify({ pid }))
  const streams = /** @type {const} */ (['stdout', 'stderr']).map((name) => {
    const stream = new net.Socket({ fd: pipes[name].read, readable: true, writable: false })
    passOutput(stream, socket, (bytes) => send(fromHere[name], bytes))
    return stream
  })
  let over = false
  child.once('exit', (code, signal) => {
    over = true
    restOf(streams).then(() => {
      send(fromHere.exited, JSON.stringify({ code, signal }))
      socket.end()
    })
  })
  return {
    end: () => {
      if (pid !== undefined && !over) kill(-pid, 'SIGKILL')
      for (const stream of streams) stream.destroy()
    },
  }
}

/**
 * A pipe of the kernel. Node's own are socket pairs, and a program that opens /dev/stderr cannot open a socket.
 * Named for a moment, since Node cannot make one without a name.
 */
function pipe() {
  pipes += 1
  const name = `${socketPath}.${process.pid}.${pipes}`
  const made = spawnSync('mkfifo', ['-m', '600', name], { env: { PATH: '/usr/bin:/bin' } })
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.error?.message ?? made.stderr}`)
  try {
    // In this order: neither end waits for the other.
    const read = fs.openSync(name, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    return { read, write: fs.openSync(name, fs.constants.O_WRONLY) }
  } finally {
    fs.rmSync(name)
  }
}

/**
 * What the command itself has written is all told; what its background children write after its end is not waited for.
 * A pipe holds 64 KiB, and a stream that waits for its reader twice that: what comes beyond was written later.
 * @param {import('node:stream').Readable[]} streams
 */
function restOf(streams) {
  return Promise.all(streams.filter((stream) => !stream.closed).map(restOfOne))
}

/** @param {import('node:stream').Readable} stream */
function restOfOne(stream) {
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(() => (stream.isPaused() ? timer.refresh() : stream.destroy()), 100)
    stream.on('data', (/** @type {Buffer} */ piece) => {
      bytes += piece.length
      if (bytes > 262_144) stream.destroy()
      else timer.refresh()
    })
    stream.once('close', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

/**
 * @param {Start & { terminal?: TerminalSize }} wish
 * @param {net.Socket} socket
 * @param {(kind: number, payload: Buffer | string) => boolean} send
 * @returns {Running}
 */
function startTerminal({ command: [program = '', ...args], env, cwd, terminal }, socket, send) {
  const size = terminal ?? { columns: 80, rows: 24 }
  if (!fs.existsSync(program)) throw new Error(`spawn ${program} ENOENT`)
  /** @type {typeof import('@lydell/node-pty')} */
  const library = require(terminalLibrary)
  const shell = library.spawn(program, args, { name: env.TERM ?? 'xterm-256color', cols: size.columns, rows: size.rows, cwd, env, encoding: null })
  send(fromHere.started, JSON.stringify({ pid: shell.pid }))
  let over = false
  shell.onData((text) => {
    if (socket.writable && !send(fromHere.stdout, text)) {
      shell.pause()
      socket.once('drain', () => shell.resume())
    }
  })
  shell.onExit(({ exitCode, signal }) => {
    over = true
    send(fromHere.exited, JSON.stringify(signal ? { code: null, signal: signalName(signal) } : { code: exitCode, signal: null }))
    socket.end()
  })
  return {
    input(bytes) {
      // The library keeps what the terminal does not take, and tells nobody how much.
      const pending = /** @type {{ _socket?: net.Socket }} */ (/** @type {unknown} */ (shell))._socket?.writableLength ?? 0
      if (pending + bytes.length > mostInput) return
      // Typed as text; the library hands a buffer through as it is.
      shell.write(/** @type {string} */ (/** @type {unknown} */ (bytes)))
    },
    resize: ({ columns, rows }) => shell.resize(columns, rows),
    end() {
      if (over) return
      // A reader that is paused would never see the end.
      shell.resume()
      kill(shell.pid, 'SIGHUP')
      setTimeout(() => {
        if (!over) kill(-shell.pid, 'SIGKILL')
      }, hangUpMs)
    },
  }
}

/** @param {number} number */
function signalName(number) {
  return Object.entries(require('node:os').constants.signals).find(([, value]) => value === number)?.[0] ?? `SIG${number}`
}

/**
 * No faster than the platform reads.
 * @param {import('node:stream').Readable} from
 * @param {net.Socket} socket
 * @param {(bytes: Buffer) => boolean} send
 */
function passOutput(from, socket, send) {
  from.on('error', () => {})
  from.on('data', (bytes) => {
    if (!socket.writable || send(bytes)) return
    from.pause()
    socket.once('drain', () => from.resume())
  })
}

/** @param {number} kind @param {Buffer | string} payload */
function frame(kind, payload) {
  const bytes = Buffer.from(payload)
  const head = Buffer.alloc(5)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** @param {net.Socket} socket @param {(kind: number, payload: Buffer) => void} onFrame */
function readFrames(socket, onFrame) {
  let kept = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes])
    while (kept.length >= 5) {
      const length = kept.readUInt32BE(1)
      if (length > longestFrame) return void socket.destroy()
      if (kept.length < 5 + length) return
      const payload = kept.subarray(5, 5 + length)
      const kind = kept.readUInt8(0)
      kept = kept.subarray(5 + length)
      onFrame(kind, payload)
    }
  })
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function kill(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}

// What fails in one execution must not end the others.
process.on('uncaughtException', () => {})
if (atEnd === 'end-with-input') {
  // Without a namespace to end with, the platform's end of standard input tells that it is gone.
  process.stdin.resume().on('close', () => {
    for (const end of running) end()
    setTimeout(() => process.exit(), hangUpMs + 100)
  })
}
fs.rmSync(socketPath, { force: true })
idle = setTimeout(() => process.exit(), idleMs)
whenForwarded(Number(atEnd), () => net.createServer(serve).listen(socketPath))

/** @param {number} port @param {() => void} go @param {number} tries */
function whenForwarded(port, go, tries = 0) {
  if (!port || tries > 500) return go()
  const trial = net.connect({ host: '127.0.0.1', port })
  trial.on('connect', () => {
    trial.destroy()
    go()
  })
  trial.on('error', () => setTimeout(whenForwarded, 4, port, go, tries + 1))
}

// Loaded into the agent's Node process before its own code, by a stub that calls `install`.
// When a server of the agent listens on the protocol's port, the platform gets a unix socket straight to that server.
const childProcess = require('node:child_process')
const fs = require('node:fs')
const net = require('node:net')

/**
 * @typedef {object} Settings
 * @property {number} port the protocol's port
 * @property {string} socketPath where the platform will connect
 * @property {boolean} instead true: listen on the socket and not on TCP, so that many sessions share one network
 * @property {Platform} [platform] connections to this loopback port take the socket
 */

/**
 * @typedef {object} Platform
 * @property {number} port
 * @property {string} socketPath
 * @property {string} [hosts] pattern of AWS's names that mean the platform, at port 443
 * @property {string} wishPath a file that asks for the forwarder, which listens on the port for whoever knows only the network
 */

/** @param {Settings} settings */
function install(settings) {
  listenOnSocket(settings)
  if (settings.platform) {
    connectToPlatform(settings.platform, forwardForOthers(settings.platform))
  }
}

/** @param {Settings} settings */
function listenOnSocket({ port, socketPath, instead }) {
  const listen = net.Server.prototype.listen
  /** @type {Map<string, net.Server>} who serves on which host form, in this process */
  const serving = new Map()

  /** @this {net.Server} @param {unknown[]} args @returns {net.Server} */
  function listenPatched(...args) {
    const wish = tcpWish(args)
    if (wish?.port !== port) return Reflect.apply(listen, this, args)
    return instead ? listenInstead(this, wish) : listenBeside(this, args)
  }

  /** @param {net.Server} server @param {unknown[]} args */
  function listenBeside(server, args) {
    if (isOfCluster() || serving.has('')) return Reflect.apply(listen, server, args)
    const side = net.createServer({ allowHalfOpen: true }, (socket) => server.emit('connection', asLoopback(socket)))
    const stop = () => {
      serving.delete('')
      side.close()
    }
    serving.set('', server)
    side.on('error', () => serving.delete(''))
    server.once('error', stop)
    const close = server.close
    /** @param {(error?: Error) => void} [done] */
    server.close = (done) => {
      server.close = close
      stop()
      return server.close(done)
    }
    Reflect.apply(listen, side, [socketPath])
    side.unref()
    return Reflect.apply(listen, server, args)
  }

  /** @param {net.Server} server @param {TcpWish} wish */
  function listenInstead(server, wish) {
    // A second host form of the same port (127.0.0.1 beside ::1) is a second socket; the same one again is refused as TCP would.
    const place = [...serving.keys()].indexOf(wish.host)
    const index = place < 0 ? serving.size : place
    serving.set(wish.host, server)
    server.prependListener('connection', asLoopback)
    server.address = () => (server.listening ? { address: wish.host, family: wish.host.includes(':') ? 'IPv6' : 'IPv4', port } : null)
    const path = index === 0 ? socketPath : `${socketPath}.${index}`
    return Reflect.apply(listen, server, [{ ...withoutTcp(wish.options), path }, wish.done])
  }

  net.Server.prototype.listen = /** @type {typeof listen} */ (listenPatched)
}

/**
 * Workers share the primary's port: a socket to one of them would starve the others, and the primary's own server answers nobody.
 * They are served by the forwarder.
 */
function isOfCluster() {
  // Loaded late: `listen` itself needs it, while loading it in every agent costs start time.
  const cluster = /** @type {import('node:cluster').Cluster} */ (/** @type {unknown} */ (require('node:cluster')))
  return cluster.isWorker || Object.keys(cluster.workers ?? {}).length > 0
}

/**
 * @typedef {object} TcpWish
 * @property {number} port
 * @property {string} host
 * @property {object} options
 * @property {unknown} done
 */

/**
 * What `listen(...)` asks for, when it asks for a TCP port at all.
 * @param {unknown[]} args
 * @returns {TcpWish | undefined}
 */
function tcpWish(args) {
  const [first, second] = args
  const last = args.findLast((arg) => arg !== undefined)
  const done = typeof last === 'function' ? last : undefined
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    return { port: Number(first), host: typeof second === 'string' ? second : '::', options: {}, done }
  }
  if (typeof first !== 'object' || first === null || !('port' in first) || ('path' in first && first.path)) return undefined
  const host = 'host' in first && typeof first.host === 'string' ? first.host : '::'
  return { port: Number(first.port), host, options: first, done }
}

/**
 * The keys must go: to Node, a port that is there and undefined means any port.
 * @param {object} options
 */
function withoutTcp(options) {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'host' && name !== 'port'))
}

/**
 * Agents may ask who calls: rate limiters and access logs fail on a peer without an address.
 * @param {net.Socket} socket
 */
function asLoopback(socket) {
  const value = (/** @type {string | number} */ fact) => ({ value: fact, configurable: true })
  return Object.defineProperties(socket, {
    remoteAddress: value('127.0.0.1'),
    remoteFamily: value('IPv4'),
    remotePort: value(0),
    localAddress: value('127.0.0.1'),
  })
}

/**
 * Saves the hop over the forwarder, which most agents then never need. TLS does: Node has chosen a TCP handle for it before it connects,
 * and loading its module earlier would cost every agent 30 ms.
 * @param {Platform} platform
 * @param {() => void} forwarded returns when the forwarder is there
 */
function connectToPlatform({ port, socketPath, hosts }, forwarded) {
  const connect = net.Socket.prototype.connect
  /** @type {RegExp | undefined} */
  let names
  /** @param {{ port?: unknown, host?: unknown }} target */
  const isPlatform = (target) => {
    const asked = Number(target.port)
    if (asked === port) return isLoopback(target.host)
    if (asked !== 443 || hosts === undefined) return false
    names ??= new RegExp(hosts)
    return names.test(String(target.host).toLowerCase())
  }
  /** @this {net.Socket} @param {unknown[]} args @returns {net.Socket} */
  function connectPatched(...args) {
    // Node's own callers hand over [options, callback] in one array.
    const [first, second] = Array.isArray(args[0]) ? args[0] : args
    if (typeof first !== 'object' || first === null || !isPlatform(first)) return Reflect.apply(connect, this, args)
    const isTls = Reflect.get(this, 'encrypted') === true
    if (isTls) forwarded()
    const place = isTls ? { host: '127.0.0.1', port } : { path: socketPath }
    return Reflect.apply(connect, this, [{ ...withoutTcp(first), ...place }, second].filter(Boolean))
  }
  net.Socket.prototype.connect = /** @type {typeof connect} */ (connectPatched)
}

/** @param {unknown} host */
function isLoopback(host) {
  return host === '127.0.0.1' || host === 'localhost'
}

/**
 * Processes that the agent starts, and native code that it loads, know nothing of the socket: they need the forwarder on the port.
 * A child must not find the port closed, so its start waits for that; it does so once.
 * @param {Platform} platform
 * @returns {() => void} waits until it is there
 */
function forwardForOthers({ port, wishPath }) {
  let isAsked = false
  let isThere = false
  const ask = () => {
    if (isAsked) return
    isAsked = true
    try {
      fs.writeFileSync(wishPath, '')
    } catch {
      // The agent has made its folder unusable: it goes without.
    }
  }
  const wait = () => {
    ask()
    const until = Date.now() + longestWaitMs
    while (!isThere && !listensOnLoopback(port) && Date.now() < until) Atomics.wait(nap, 0, 0, 2)
    isThere = true
  }

  /** @template {(...args: any[]) => any} Plain @param {Plain} plain @param {() => void} before @returns {Plain} */
  const after = (plain, before) =>
    /** @type {Plain} */ (
      /** @this {unknown} @param {unknown[]} args */
      function (...args) {
        before()
        return Reflect.apply(plain, this, args)
      }
    )
  const { prototype } = childProcess.ChildProcess
  Reflect.set(prototype, 'spawn', after(Reflect.get(prototype, 'spawn'), wait))
  childProcess.spawnSync = after(childProcess.spawnSync, wait)
  childProcess.execSync = after(childProcess.execSync, wait)
  childProcess.execFileSync = after(childProcess.execFileSync, wait)
  require('node:module').syncBuiltinESMExports()
  process.dlopen = after(process.dlopen, ask)
  return wait
}

const longestWaitMs = 2000
const nap = new Int32Array(new SharedArrayBuffer(4))

/** @param {number} port */
function listensOnLoopback(port) {
  try {
    const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A `
    return fs.readFileSync('/proc/net/tcp', 'latin1').includes(local)
  } catch {
    return true
  }
}

module.exports = { install }

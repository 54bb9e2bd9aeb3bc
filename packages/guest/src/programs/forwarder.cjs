// Runs beside the agent in its network namespace, once something needs it. Two bridges:
//   unix socket -> the agent's TCP port, for agents that listen on TCP only;
//   127.0.0.1:4680 and 443 -> the platform's unix socket, for the agent's AWS clients; 443 for those that know AWS's hosts only, by TLS,
//   which ends in the platform: no key is in here.
// The first socket appears only once the agent accepts: its existence is the sign of readiness.
// With `end-with-input` it ends when its standard input does, which the platform holds open: for where no namespace ends it. It
// says `ready` then, once the way to the platform is open at the last of its ports.
// Usage: forwarder.cjs AGENT_PORT AGENT_SOCKET PLATFORM_PORT[,...] PLATFORM_SOCKET [end-with-input]
const net = require('node:net')

const [agentPort, agentSocket = '', platformPorts = '', platformSocket = '', atEnd] = process.argv.slice(2)

/**
 * Passes bytes both ways with back-pressure. A half-close travels on alone; an error on one side ends the other.
 * @param {net.Socket} from
 * @param {net.Socket} to
 */
function pass(from, to) {
  from.pipe(to)
  from.on('error', () => to.destroy())
  from.on('close', () => {
    if (!from.readableEnded || to.writableFinished) to.destroy()
    else to.once('finish', () => to.destroy())
  })
}

/** @param {net.NetConnectOpts} target */
function bridge(target) {
  return net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = net.connect({ ...target, allowHalfOpen: true, noDelay: true })
    pass(near, far)
    pass(far, near)
  })
}

/** @param {string} host */
function serve(host) {
  bridge({ host, port: Number(agentPort) }).listen(agentSocket)
}

/**
 * @param {string} host
 * @param {() => void} answered
 * @param {() => void} failed
 */
function tryHost(host, answered, failed) {
  const trial = net.connect({ host, port: Number(agentPort) })
  trial.on('connect', () => {
    trial.destroy()
    answered()
  })
  trial.on('error', failed)
}

/** @param {number} tries */
function waitForAgent(tries) {
  const again = () => setTimeout(waitForAgent, tries < 1000 ? 1 : 10, tries + 1)
  // Both loopbacks: an agent that listens on `localhost` may have taken either. One that began to listen on both between the
  // two trials is called by IPv4 like any other, so the IPv6 answer asks there once more.
  const byIpv6 = () =>
    tryHost(
      '127.0.0.1',
      () => serve('127.0.0.1'),
      () => serve('::1'),
    )
  tryHost(
    '127.0.0.1',
    () => serve('127.0.0.1'),
    () => tryHost('::1', byIpv6, again),
  )
}

// One connection that fails must not take the bridges of all others with it.
process.on('uncaughtException', () => {})
if (atEnd === 'end-with-input') process.stdin.resume().on('close', () => process.exit())
// One for which the rights are missing goes without.
for (const [index, port] of platformPorts.split(',').entries()) {
  const isLast = index === platformPorts.split(',').length - 1
  bridge({ path: platformSocket })
    .on('error', () => {})
    .listen(Number(port), '127.0.0.1', () => isLast && atEnd === 'end-with-input' && process.stdout.write('ready\n'))
}
waitForAgent(0)

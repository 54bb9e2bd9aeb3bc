// The way of sessions to the internet: a network namespace of the platform's, between theirs and the host. pasta carries what
// leaves it over ordinary sockets of an unprivileged user; the filter in it is out of every session's reach.
//
//   session's namespace ── veth ── router: filter, masquerade ── tap ── pasta ── the host's sockets
//
// One router for all sessions: pasta takes 30 MB and 100 ms, a namespace beside it next to nothing.
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { childrenOf } from '#adapters/sandbox/process-identity.js'
import type { Clock } from '#kernel/clock.js'
import { collect, hold, letGo, run, ToolFailed } from './child.js'
import type { Names } from './names.js'
import { defaultRoutes, ownAddresses } from './own-addresses.js'
import { resolverAddress, startResolver } from './resolver.js'
import { outside, ownAddressRules, type RefusedByOperator, rules } from './rules.js'
import { findTools, type Missing, type Tools, tunDevice } from './tools.js'

export interface RouterOptions {
  /** The host's user that it runs as; undefined for the platform's own, which must not be root. */
  user: number | undefined
  refused: RefusedByOperator
  names: Names
  clock: Clock
}

export interface Router {
  tools: Tools
  /** The host's id of the process whose user and network namespaces are the router's. */
  holder: number
  /** What a command begins with to run with the rights of the router's user namespace, in the host's network. */
  inUserNamespace: readonly string[]
  /** The same, in the router's network. */
  inRouter: readonly string[]
  families: { ipv4: boolean; ipv6: boolean }
  /** Aborted when the router is gone: namespaces tied to it have lost their way out. */
  gone: AbortSignal
  close(): Promise<void>
}

const refreshMs = 2000
const pastaStartMs = 5000

export async function startRouter(options: RouterOptions): Promise<Router | Missing> {
  const { user } = options
  const isRoot = process.getuid?.() === 0
  if (isRoot && user === undefined) return { reason: 'the platform is root and has no other user to run pasta as', fix: 'apt-get install util-linux' }
  const [tools, tun, families] = await Promise.all([findTools(), tunDevice(isRoot), defaultRoutes()])
  if ('reason' in tools) return tools
  if (typeof tun !== 'string') return tun
  if (!families.ipv4 && !families.ipv6) return { reason: 'this host has no default route', fix: 'ip route add default via GATEWAY' }
  try {
    return await start({ ...options, tools, tun, families })
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault)
    return { reason, fix: 'sysctl -w kernel.unprivileged_userns_clone=1 user.max_net_namespaces=10000; modprobe -a nf_tables veth tun' }
  }
}

interface Parts extends RouterOptions {
  tools: Tools
  tun: 'open' | 'to lend'
  families: Router['families']
}

// The namespace is open only while this runs. A process namespace: with its first process everything in it ends, pasta too.
// Without capabilities, so that pasta, which gives most of its own away, may still open the namespace.
// No address is tried for duplicates: there can be none, and pasta answers to whatever address it saw last, the empty one too.
const keepOpen = `v6=/proc/sys/net/ipv6/conf
echo 1 >/proc/sys/net/ipv4/ip_forward && { [ ! -e $v6 ] || { echo 1 >$v6/all/forwarding && echo 0 >$v6/default/accept_dad; }; } && \\
echo ready && exec "$1" --bounding-set=-all --inh-caps=-all cat`

async function start({ tools, tun, families, user, refused, names, clock }: Parts): Promise<Router> {
  const asUser = user === undefined ? [] : [tools.setpriv, `--reuid=${user}`, `--regid=${user}`, '--clear-groups']
  const unshare = [tools.unshare, '--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child']
  const held = await hold([...asUser, ...unshare, '--', '/bin/sh', '-c', keepOpen, 'keep-open', tools.setpriv])
  const gone = new AbortController()
  const close = async () => {
    gone.abort()
    held.stdin?.end()
    if (held.exitCode !== null || held.signalCode !== null) return
    held.ref()
    await new Promise((resolve) => held.once('exit', resolve))
  }
  held.once('exit', () => gone.abort())
  try {
    const [holder] = await childrenOf(held.pid ?? 0)
    if (holder === undefined) throw new ToolFailed('the namespace of the router ended at once')
    const inUserNamespace = [...asUser, tools.nsenter, `--user=/proc/${holder}/ns/user`, '--preserve-credentials']
    const inRouter = [...inUserNamespace, `--net=/proc/${holder}/ns/net`, '--']
    await run([...inRouter, tools.nft, '-f', '-'], rules(refused))
    let known = ''
    const refresh = async () => {
      const text = ownAddressRules(await ownAddresses())
      if (text === known || gone.signal.aborted) return
      await run([...inRouter, tools.nft, '-f', '-'], text)
      known = text
    }
    // Before there is a way out: never open first and filtered later.
    await refresh()
    const keepUp = () => {
      if (gone.signal.aborted) return
      // A filter that cannot be kept true is no filter.
      void refresh().then(() => clock.after(refreshMs, keepUp), close)
    }
    keepUp()
    const startPasta = () => pasta({ tools, tun, families, inUserNamespace, inRouter, holder })
    await run([...inRouter, tools.ip, '-batch', '-'], `link set lo up\naddr add ${resolverAddress}/32 dev lo\n`)
    for (const startAgain of [startPasta, () => startResolver(inRouter, names)])
      keepRunning(await startAgain(), { startAgain, clock, gone: gone.signal })
    return { tools, holder, inUserNamespace, inRouter, families, gone: gone.signal, close }
  } catch (fault) {
    await close()
    throw fault
  }
}

function keepRunning(child: ChildProcess, again: { startAgain(): Promise<ChildProcess>; clock: Clock; gone: AbortSignal }): void {
  const { startAgain, clock, gone } = again
  const restart = () => {
    if (gone.aborted) return
    startAgain().then(
      (next) => keepRunning(next, again),
      () => clock.after(5000, restart),
    )
  }
  if (gone.aborted) child.kill('SIGKILL')
  else gone.addEventListener('abort', () => child.stdin?.end(), { once: true })
  if (child.exitCode !== null || child.signalCode !== null) clock.after(1000, restart)
  else child.once('exit', () => clock.after(1000, restart))
}

// Root's own tun device in a mount namespace that pasta takes along.
const lendTun = 'mount -t tmpfs -o mode=755,size=4k none /dev/net && mknod /dev/net/tun c 10 200 && chmod 666 /dev/net/tun && exec "$@"'

/** What pasta is to the router. */
const gateways = { ipv4: '100.127.255.253', ipv6: 'fd00:6177:ffff::1', mac: '02:00:00:00:00:03' }

interface PastaParts extends Omit<Parts, keyof RouterOptions> {
  inUserNamespace: readonly string[]
  inRouter: readonly string[]
  holder: number
}

/** Nothing of the host's is carried inwards, and no address stands for the host: gateway, loopback, resolvers. */
async function pasta({ tools, tun, families, inUserNamespace, inRouter, holder }: PastaParts): Promise<ChildProcess> {
  const ipv4 = families.ipv4 ? ['-a', '100.127.255.254', '-n', '30', '-g', gateways.ipv4] : ['-6']
  const ipv6 = families.ipv6 ? ['-a', 'fd00:6177:ffff::2', '-g', gateways.ipv6] : ['-4']
  const lend = tun === 'to lend' ? [tools.unshare, '--mount', '--', '/bin/sh', '-c', lendTun, 'lend'] : []
  const [program = '', ...args] = [
    ...[...lend, ...inUserNamespace, `--pid=/proc/${holder}/ns/pid`, '--', tools.pasta, '--foreground', '--quiet'],
    ...['--ns-ifname', outside, '--config-net', '--no-map-gw', '-t', 'none', '-u', 'none', '-T', 'none', '-U', 'none'],
    ...[...ipv4, ...ipv6, '--mac-addr', gateways.mac, '--dns', 'none', '--no-dhcp', '--no-dhcpv6', '--no-ra'],
    ...['--no-netns-quit', '--netns-only', '--netns', `/proc/${holder}/ns/net`],
  ]
  const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  child.on('error', () => {})
  const said = collect(child)
  letGo(child)
  const family = families.ipv4 ? '-4' : '-6'
  for (let waited = 0; waited < pastaStartMs; waited += 20) {
    const routes = await run([...inRouter, tools.ip, family, 'route', 'show', 'default'])
    if (routes.includes(outside)) {
      const known = [gateways.ipv4, gateways.ipv6].filter((_address, index) => [families.ipv4, families.ipv6][index])
      const lines = known.map((address) => `neigh replace ${address} lladdr ${gateways.mac} dev ${outside} nud permanent\n`)
      await run([...inRouter, tools.ip, '-batch', '-'], lines.join(''))
      return child
    }
    if (child.exitCode !== null || child.signalCode !== null) throw new ToolFailed(`${tools.pasta}: ${withoutSyslog(said.errors())}`)
    await delay(20)
  }
  throw new ToolFailed(`${tools.pasta} made no way out within ${pastaStartMs / 1000} s: ${withoutSyslog(said.errors())}`)
}

/** Hosts without a system log make it complain of every line. */
const withoutSyslog = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.includes('syslog'))
    .join('; ')

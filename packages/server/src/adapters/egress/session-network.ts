// A network namespace for one session, tied to the router and filtered there. Some are kept ready: making one takes seven
// programs and 15 ms, which a cold start does not have.
import { type FileHandle, open } from 'node:fs/promises'
import type { Clock } from '#kernel/clock.js'
import { hold, run } from './child.js'
import { resolverAddress } from './resolver.js'
import type { Router } from './router.js'
import { inward } from './rules.js'

export interface SessionNetwork {
  /** Its interface in the router, and its address as the resolver sees it. Neither is another session's as long as it lives. */
  name: string
  address: string
  /** What a command begins with to run in it. The agent gets no right over it: it belongs to the router's user namespace. */
  enter: readonly string[]
  /** Aborted when it has lost its way out, for as long as it lives. */
  gone: AbortSignal
  /** Takes the way out from here into another network namespace, whose first program has not run yet. Takes root. */
  moveTo(namespace: FileHandle): Promise<void>
  /** Once the sandbox runs in it: from then on it lives as long as the sandbox does. */
  started(): Promise<void>
  /** Once the sandbox has ended, or never ran. */
  ended(): Promise<void>
}

export interface SessionNetworks {
  take(): Promise<SessionNetwork>
  close(): Promise<void>
}

const spares = 32
const pauseMs = 100
/** Starts have the processors to themselves. */
const quietMs = 1000
/** 100.64.0.0/10 and fd00:6177::/96 in blocks of four addresses; the last block is the router's own. */
const blocks = (1 << 20) - 1

export function sessionNetworks(router: Router, clock: Clock): SessionNetworks {
  const ready: Promise<SessionNetwork>[] = []
  const used = new Set<number>()
  let made = 0
  let closed = false
  let cancelRefill = () => {}

  const make = async (): Promise<SessionNetwork> => {
    do made++
    while (used.has(made % blocks))
    const block = made % blocks
    used.add(block)
    try {
      return await makeNetwork(router, { block, name: `${inward}${made.toString(36)}`, free: () => used.delete(block) })
    } catch (fault) {
      used.delete(block)
      throw fault
    }
  }
  const refill = () => {
    if (closed || router.gone.aborted || ready.length >= spares) return
    const next = make()
    ready.push(next)
    // One after the other, the first few at once and the others with pauses: sessions that start meanwhile come first.
    const goOn = () => {
      cancelRefill()
      cancelRefill = clock.after(ready.length < spares / 8 ? 0 : pauseMs, refill)
    }
    next.then(goOn, () => {
      const index = ready.indexOf(next)
      if (index >= 0) ready.splice(index, 1)
    })
  }
  refill()

  return {
    async take() {
      const spare = ready.shift()
      cancelRefill()
      cancelRefill = clock.after(quietMs, refill)
      return spare ?? make()
    },
    async close() {
      closed = true
      for (const spare of ready.splice(0)) await spare.then((network) => network.ended()).catch(() => {})
    },
  }
}

// The far end is configured from the router's side. Low ports are anybody's there, where they can be: the forwarder answers on 443.
const connect = `{ echo 443 >/proc/sys/net/ipv4/ip_unprivileged_port_start; } 2>/dev/null; printf '%s' "$4" | "$1" -batch - && \\
printf '%s' "$5" | "$2" --net=/proc/$3/ns/net "$1" -batch - && echo ready && read -r end`

async function makeNetwork(router: Router, { block, name, free }: { block: number; name: string; free(): void }): Promise<SessionNetwork> {
  const { tools, holder, inUserNamespace } = router
  const near = [...nearEnd(holder, name), ...nearSide(router, block)]
  const far = farSide(router, block, name)
  const inOwn = [...inUserNamespace, '--', tools.unshare, '--net', '--', '/bin/sh', '-c', connect, 'connect']
  const maker = await hold([...inOwn, tools.ip, tools.nsenter, String(holder), lines(near), lines(far)])
  const namespace = await open(`/proc/${maker.pid}/ns/net`, 'r')
  maker.stdin?.end()
  return {
    name,
    address: addresses(block).ipv4(2),
    enter: enter(router, namespace),
    gone: router.gone,
    moveTo: (target) => move(router, { from: namespace, target, near: nearSide(router, block) }),
    started: () => namespace.close(),
    async ended() {
      await namespace.close()
      free()
    },
  }
}

/** By the platform's own descriptor: nothing names the namespace once that is closed, and nothing has to be cleared away. */
function enter({ tools, inUserNamespace }: Router, namespace: FileHandle): string[] {
  const net = `--net=${pathOf(namespace)}`
  // Root enters as it is: it becomes the session's user later. Another user gets there by its own user namespace only.
  if (process.getuid?.() === 0) return [tools.nsenter, net, '--']
  return [...inUserNamespace, net, '--']
}

// An engine may close its containers to IPv6.
const settle = `for name in all default eth0; do file=/proc/sys/net/ipv6/conf/$name/disable_ipv6; [ ! -e $file ] || echo 0 >$file; done
printf '%s' "$2" | "$1" -batch -`

/** The far end stays where it is, filtered; with its namespace the near end forgets its addresses. */
async function move({ tools }: Router, { from, target, near }: { from: FileHandle; target: FileHandle; near: string[] }): Promise<void> {
  const enter = (namespace: FileHandle) => [tools.nsenter, `--net=${pathOf(namespace)}`, '--']
  await run([...enter(from), tools.ip, 'link', 'set', 'eth0', 'netns', pathOf(target)])
  await run([...enter(target), '/bin/sh', '-c', settle, 'settle', tools.ip, lines(['link set lo up', ...near])])
}

const pathOf = (namespace: FileHandle) => `/proc/${process.pid}/fd/${namespace.fd}`

/** Both ends know each other: nothing is asked for on the way, so nothing is late or lost. */
const macs = { near: '02:00:00:00:00:02', far: '02:00:00:00:00:01' }

function nearEnd(holder: number, name: string): string[] {
  return ['link set lo up', `link add eth0 address ${macs.near} type veth peer name ${name} address ${macs.far} netns ${holder}`]
}

function nearSide({ families }: Router, block: number): string[] {
  const { ipv4, ipv6 } = addresses(block)
  return [
    'link set eth0 addrgenmode none',
    `addr add ${ipv4(2)}/30 dev eth0`,
    ...(families.ipv6 ? [`addr add ${ipv6(2)}/126 dev eth0 nodad`] : []),
    'link set eth0 up',
    `neigh replace ${ipv4(1)} lladdr ${macs.far} dev eth0 nud permanent`,
    ...(families.ipv6 ? [`neigh replace ${ipv6(1)} lladdr ${macs.far} dev eth0 nud permanent`] : []),
    `route add ${resolverAddress}/32 via ${ipv4(1)}`,
    ...(families.ipv4 ? [`route add default via ${ipv4(1)}`] : []),
    ...(families.ipv6 ? [`route add default via ${ipv6(1)}`] : []),
  ]
}

function farSide({ families }: Router, block: number, name: string): string[] {
  const { ipv4, ipv6 } = addresses(block)
  return [
    `link set ${name} addrgenmode none`,
    `addr add ${ipv4(1)}/30 dev ${name}`,
    ...(families.ipv6 ? [`addr add ${ipv6(1)}/126 dev ${name} nodad`] : []),
    `link set ${name} up`,
    `neigh replace ${ipv4(2)} lladdr ${macs.near} dev ${name} nud permanent`,
    ...(families.ipv6 ? [`neigh replace ${ipv6(2)} lladdr ${macs.near} dev ${name} nud permanent`] : []),
  ]
}

const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('')

function addresses(block: number) {
  const first = block * 4
  const ipv4 = (index: number) => {
    const number = first + index
    return `100.${64 + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}`
  }
  const ipv6 = (index: number) => `fd00:6177::${((first + index) >>> 16).toString(16)}:${((first + index) & 0xffff).toString(16)}`
  return { ipv4, ipv6 }
}

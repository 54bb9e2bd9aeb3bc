// A network namespace for one session, tied to the router and filtered there. Some are kept ready: making one takes two
// programs and 10 ms, which a cold start does not have.
import { type FileHandle, open } from 'node:fs/promises'
import type { Clock } from '#kernel/clock.js'
import { hold } from './child.js'
import { resolverAddress } from './resolver.js'
import type { Router } from './router.js'
import { inward } from './rules.js'

export interface SessionNetwork {
  /** What a command begins with to run in it. The agent gets no right over it: it belongs to the router's user namespace. */
  enter: readonly string[]
  /** Once the sandbox runs in it: from then on it lives as long as the sandbox does. */
  started(): Promise<void>
  /** Once the sandbox has ended, or never ran. */
  ended(): Promise<void>
}

export interface SessionNetworks {
  take(): Promise<SessionNetwork>
  close(): Promise<void>
}

const spares = 4
const refillMs = 250
/** 100.64.0.0/10 and fd00:6177::/96 in blocks of four addresses; the last block is the router's own. */
const blocks = (1 << 20) - 1

export function sessionNetworks(router: Router, clock: Clock): SessionNetworks {
  const ready: Promise<SessionNetwork>[] = []
  const used = new Set<number>()
  let made = 0
  let closed = false

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
  const refill = async () => {
    while (!closed && !router.gone.aborted && ready.length < spares) {
      const next = make()
      ready.push(next)
      // One after the other: sessions that start meanwhile come first.
      const failed = await next.then(
        () => false,
        () => true,
      )
      if (failed) return void ready.splice(ready.indexOf(next), 1)
    }
  }
  void refill()

  return {
    async take() {
      const spare = ready.shift()
      clock.after(refillMs, refill)
      await router.refresh()
      return spare ?? make()
    },
    async close() {
      closed = true
      for (const spare of ready.splice(0)) await spare.then((network) => network.ended()).catch(() => {})
    },
  }
}

// The far end is configured from the router's side.
const connect = `printf '%s' "$4" | "$1" -batch - && \\
printf '%s' "$5" | "$2" --net=/proc/$3/ns/net "$1" -batch - && echo ready && read -r end`

async function makeNetwork(router: Router, { block, name, free }: { block: number; name: string; free(): void }): Promise<SessionNetwork> {
  const { tools, holder, inUserNamespace } = router
  const near = nearSide(router, block, name)
  const far = farSide(router, block, name)
  const inOwn = [...inUserNamespace, '--', tools.unshare, '--net', '--', '/bin/sh', '-c', connect, 'connect']
  const maker = await hold([...inOwn, tools.ip, tools.nsenter, String(holder), near, far])
  const namespace = await open(`/proc/${maker.pid}/ns/net`, 'r')
  maker.stdin?.end()
  return {
    enter: enter(router, namespace),
    started: () => namespace.close(),
    async ended() {
      await namespace.close()
      free()
    },
  }
}

/** By the platform's own descriptor: nothing names the namespace once that is closed, and nothing has to be cleared away. */
function enter({ tools, inUserNamespace }: Router, namespace: FileHandle): string[] {
  const net = `--net=/proc/${process.pid}/fd/${namespace.fd}`
  // Root enters as it is: it becomes the session's user later. Another user gets there by its own user namespace only.
  if (process.getuid?.() === 0) return [tools.nsenter, net, '--']
  return [...inUserNamespace, net, '--']
}

function nearSide({ families, holder }: Router, block: number, name: string): string {
  const { ipv4, ipv6 } = addresses(block)
  return [
    'link set lo up',
    `link add eth0 type veth peer name ${name} netns ${holder}`,
    'link set eth0 addrgenmode none',
    `addr add ${ipv4(2)}/30 dev eth0`,
    ...(families.ipv6 ? [`addr add ${ipv6(2)}/126 dev eth0 nodad`] : []),
    'link set eth0 up',
    `route add ${resolverAddress}/32 via ${ipv4(1)}`,
    ...(families.ipv4 ? [`route add default via ${ipv4(1)}`] : []),
    ...(families.ipv6 ? [`route add default via ${ipv6(1)}`] : []),
    '',
  ].join('\n')
}

function farSide({ families }: Router, block: number, name: string): string {
  const { ipv4, ipv6 } = addresses(block)
  return [
    `link set ${name} addrgenmode none`,
    `addr add ${ipv4(1)}/30 dev ${name}`,
    ...(families.ipv6 ? [`addr add ${ipv6(1)}/126 dev ${name} nodad`] : []),
    `link set ${name} up`,
    '',
  ].join('\n')
}

function addresses(block: number) {
  const first = block * 4
  const ipv4 = (index: number) => {
    const number = first + index
    return `100.${64 + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}`
  }
  const ipv6 = (index: number) => `fd00:6177::${((first + index) >>> 16).toString(16)}:${((first + index) & 0xffff).toString(16)}`
  return { ipv4, ipv6 }
}

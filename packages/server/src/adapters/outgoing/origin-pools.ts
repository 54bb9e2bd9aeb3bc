// Kept-alive connections, and the check of each new one.
import { isIP, type LookupFunction } from 'node:net'
import Pool from 'undici/lib/dispatcher/pool.js'
import { type AdmissionOptions, type Asked, admit } from './admission.js'

export interface OriginPools {
  /** Fails with PortError('outgoing', 'refused'), for what can be told without resolving. */
  at(url: URL): Promise<Pool>
  close(): Promise<void>
}

/** Origins come from users: one whose turn is long past gives up its place. */
const originsAtMost = 64
const connectionsEach = 16
const connectMs = 5_000

export function originPools(admission: AdmissionOptions): OriginPools {
  const pools = new Map<string, Pool>()
  return {
    async at(url) {
      const asked = askedOf(url)
      // A connection to a literal address resolves nothing, so the look-up below would not be asked.
      if (isIP(asked.host) > 0) await admit(asked, admission)
      const pool = pools.get(url.origin) ?? open(url.origin, asked, admission)
      pools.delete(url.origin)
      pools.set(url.origin, pool)
      const [oldest] = pools
      if (oldest && pools.size > originsAtMost) {
        pools.delete(oldest[0])
        void oldest[1].close().catch(() => undefined)
      }
      return pool
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function open(origin: string, asked: Asked, admission: AdmissionOptions): Pool {
  const lookup: LookupFunction = (_host, { all }, done) => {
    admit(asked, admission).then(
      (open) => (all ? done(null, open) : done(null, open[0]?.address ?? '', open[0]?.family)),
      (fault: Error) => done(fault, ''),
    )
  }
  return new Pool(origin, { connections: connectionsEach, allowH2: false, connect: { lookup, timeout: connectMs } })
}

function askedOf({ hostname, port, protocol }: URL): Asked {
  const isPlain = protocol === 'http:'
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isPlain ? 80 : 443)), isPlain }
}

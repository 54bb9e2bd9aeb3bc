// Calls to others over undici's pools, one for each origin. Nothing is read from the environment: a proxy that HTTP_PROXY names
// would resolve names where nobody checks them.
import { lookup } from 'node:dns/promises'
import { PortError } from '#kernel/errors.js'
import type { Outgoing, OutgoingAnswer, OutgoingCall } from '#ports/outgoing.js'
import type { AdmissionOptions, ResolveName } from './admission.js'
import { exchange } from './exchange.js'
import { type OriginPools, originPools } from './origin-pools.js'

export interface OutgoingOptions {
  allowed: AdmissionOptions['allowed']
  /** The host's own resolver when absent: its hosts file counts too. */
  resolve?: ResolveName
}

const redirectsAtMost = 3
const defaultMs = 10_000
const defaultBytes = 2 ** 20

export function outgoingHttp({ allowed, resolve = hostResolver }: OutgoingOptions): { call: Outgoing; close(): Promise<void> } {
  const pools = originPools({ allowed, resolve })
  return { call: (call) => followed(call, pools), close: pools.close }
}

const hostResolver: ResolveName = (host) => lookup(host, { all: true })

async function followed(call: OutgoingCall, pools: OriginPools): Promise<OutgoingAnswer> {
  const { withinMs = defaultMs, maxBytes = defaultBytes, signal } = call
  const late = AbortSignal.timeout(withinMs)
  const first = readUrl(call.url)
  let url = first
  for (let redirects = 0; ; redirects++) {
    const headers = url.origin === first.origin ? call.headers : withoutSecrets(call.headers)
    const answer = await exchange(await pools.at(url), { ...call, url, headers, maxBytes, withinMs, late, signal })
    const next = call.method === 'GET' && [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.location : undefined
    if (next === undefined) return answer
    if (redirects === redirectsAtMost) throw new PortError('outgoing', 'redirects', `${url.origin} redirects more than ${redirectsAtMost} times`)
    url = readUrl(next, url)
  }
}

/** What was meant for one server is not another's (RFC 9110 15.4). */
function withoutSecrets(headers: OutgoingCall['headers'] = {}) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !['authorization', 'cookie'].includes(name.toLowerCase())))
}

function readUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new PortError('outgoing', 'bad-url', base ? `${base.origin} redirects to what is no https address` : 'the address is no https address')
  // Credentials in an address end in logs; no endpoint of OAuth needs them.
  if (url.username || url.password) throw new PortError('outgoing', 'bad-url', `the address at ${url.host} has a user or a password in it`)
  return url
}

// What the platform shows on its TLS port and to sessions: a certificate for each of AWS's names that is asked for, made then.
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { isServedAwsHost } from '#kernel/aws-hosts.js'
import type { Clock } from '#kernel/clock.js'
import type { CertificateAndKey, ServerCertificates } from '#ports/server-certificates.js'
import { type Authority, newKeys } from './authority.js'

const day = 24 * 60 * 60 * 1000
/** Apple's clients refuse more than 825 days, and some tools more than 398. */
const lifetime = 90 * day
const renewBefore = 30 * day
/** Names are the clients' choice: gateways and buckets have no end. */
const keptMost = 256
const loopbackNames = ['localhost', '127.0.0.1', '::1']

export function serverCertificates(authority: () => Promise<Authority>, clock: Pick<Clock, 'now'>, address?: string): ServerCertificates {
  const keys = newKeys()
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const kept = new Map<string, { until: number; context: Promise<SecureContext> }>()
  const local = [...new Set([...loopbackNames, ...(address && isLoopbackAddress(address) ? [address] : [])])]
  let unnamed: { until: number; shown: Promise<CertificateAndKey> } | undefined

  const issue = async (names: readonly string[], to: number): Promise<CertificateAndKey> => {
    const cert = await (await authority()).issue(names, keys.publicKey, new Date(to))
    return { key, cert }
  }

  return {
    async unnamed() {
      if (unnamed && unnamed.until > clock.now()) return unnamed.shown
      const to = clock.now() + lifetime
      const shown = issue(local, to)
      unnamed = { until: to - renewBefore, shown }
      shown.catch(() => {
        unnamed = undefined
      })
      return shown
    },

    async contextFor(servername) {
      const asked = servername.toLowerCase()
      const isLocal = asked === 'localhost' || asked.endsWith('.localhost')
      if (!isLocal && !isServedAwsHost(asked)) throw new Error('no certificate for this name')
      const known = kept.get(asked)
      if (known && known.until > clock.now()) return known.context
      kept.delete(asked)
      const to = clock.now() + lifetime
      const names = isLocal ? [...new Set([asked, ...local])] : [asked]
      const context = issue(names, to).then(createSecureContext)
      kept.set(asked, { until: to - renewBefore, context })
      context.catch(() => kept.delete(asked))
      const [oldest] = kept.keys()
      if (kept.size > keptMost && oldest !== undefined) kept.delete(oldest)
      return context
    },
  }
}

const isLoopbackAddress = (address: string) => isIP(address) > 0 && (address === '::1' || address.startsWith('127.'))

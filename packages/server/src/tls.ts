// The second port, for clients that know AWS's hosts only: with the platform's own authority, or the operator's certificate.
import { type Authority, openAuthority } from '#adapters/certificates/authority.js'
import { ownCertificate } from '#adapters/certificates/own-certificate.js'
import { serverCertificates } from '#adapters/certificates/server-certificates.js'
import { awsHostNames } from '#kernel/aws-hosts.js'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { ServerCertificates } from '#ports/server-certificates.js'

export interface TlsOptions {
  /** 0 takes a free one. */
  port: number
  /** The operator's own certificate with its chain, and its key: paths of PEM files. */
  own?: { certPath: string; keyPath: string }
}

/** What clients of the second port must know. */
export interface TlsFacts {
  url: string
  /** SHA-256: of the authority, or of the operator's own certificate. */
  fingerprint: string
  /** Files to trust; absent with the operator's own certificate, which clients trust already. */
  authority?: { path: string; bundlePath: string }
  /** AWS's names that a hosts file may send here. */
  hosts: readonly string[]
}

export interface Tls {
  /** Made at the first use, kept in the data folder. */
  authority(): Promise<Authority>
  /** What sessions are shown, whatever the port is. */
  inside: ServerCertificates
  onPort(own: TlsOptions['own']): Promise<OnPort>
}

interface OnPort {
  certificates: ServerCertificates
  /** Host names that the operator's own certificate is for. */
  names: readonly string[]
  facts(url: string): TlsFacts
}

export function tls({ dir, host, region, clock, ids }: { dir: string; host: string; region: string; clock: Clock; ids: Ids }): Tls {
  let opened: Promise<Authority> | undefined
  const authority = () => (opened ??= openAuthority(dir, { clock, ids }))
  const hosts = awsHostNames([region])
  const inside = serverCertificates(authority, clock, host)
  return {
    authority,
    inside,
    async onPort(own) {
      if (own) {
        const certificate = await ownCertificate(own)
        const { names, fingerprint } = certificate
        return { certificates: certificate, names, facts: (url) => ({ url, fingerprint, hosts }) }
      }
      const { path, bundlePath, fingerprint } = await authority()
      return { certificates: inside, names: [], facts: (url) => ({ url, fingerprint, authority: { path, bundlePath }, hosts }) }
    },
  }
}

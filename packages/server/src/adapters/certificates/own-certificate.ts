// The operator's own certificate, shown whatever name is asked for: the client judges it.
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { PortError } from '#kernel/errors.js'
import type { ServerCertificates } from '#ports/server-certificates.js'

export interface OwnCertificate extends ServerCertificates {
  /** The host names in it, without wildcards. */
  names: readonly string[]
  fingerprint: string
}

export async function ownCertificate({ certPath, keyPath }: { certPath: string; keyPath: string }): Promise<OwnCertificate> {
  const [cert, key] = await Promise.all([readPem(certPath, '--tls-cert'), readPem(keyPath, '--tls-key')])
  try {
    const shown = { cert, key }
    const context = createSecureContext(shown)
    const leaf = new X509Certificate(cert)
    const names = (leaf.subjectAltName ?? '').split(', ').flatMap((entry) => (/^DNS:[^*]+$/.test(entry) ? [entry.slice(4).toLowerCase()] : []))
    return { names, fingerprint: leaf.fingerprint256, unnamed: async () => shown, contextFor: async () => context }
  } catch {
    // The library's own message could quote the key.
    throw refused(`--tls-cert ${certPath} and --tls-key ${keyPath} are no certificate (PEM, with its chain) and the private key that belongs to it`)
  }
}

async function readPem(path: string, flag: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw refused(`${flag} ${path} cannot be read (${cause.code}); name a PEM file that this user may read`)
  })
}

const refused = (message: string) => new PortError('certificates', 'unreadable', message)

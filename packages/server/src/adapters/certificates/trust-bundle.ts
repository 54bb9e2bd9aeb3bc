// Programs take one file of authorities in place of their own: ours must hold those of the host too, or they trust nobody else.
import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'

/** Debian and its family, Fedora and its family, SUSE, Alpine and macOS. */
const hostBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/ssl/cert.pem']

export async function trustBundle(authority: string): Promise<string> {
  for (const path of hostBundles) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return `${authority}${text}`
  }
  return `${authority}${rootCertificates.join('\n')}\n`
}

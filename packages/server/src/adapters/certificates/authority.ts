// The platform's own certificate authority. Whoever trusts it trusts it for AWS's names and loopback, and for nothing else: its
// certificate says so, and clients hold it to that.
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readOrMake, writePrivate } from '#adapters/data-folder/private-file.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { KeyPair } from './certificate.js'
import { trustBundle } from './trust-bundle.js'

export interface Authority {
  /** Its certificate, PEM, for clients that add one to theirs. */
  path: string
  /** Its certificate and the host's authorities, for clients that take one file in place of theirs. */
  bundlePath: string
  /** SHA-256, as browsers and OpenSSL show it. */
  fingerprint: string
  /** PEM, for a key of the server's; good until `to`. */
  issue(names: readonly string[], publicKey: KeyPair['publicKey'], to: Date): Promise<string>
}

const permitted = ['amazonaws.com', 'amazonaws.com.cn', 'api.aws', 'localhost', '127.0.0.0/8', '::1/128']
const day = 24 * 60 * 60 * 1000
const years = 10 * 365 * day
/** Made anew before it could run out under a platform that runs for long. */
const renewBefore = 365 * day
/** Clocks of containers and virtual machines lag. */
const backdate = day

interface AuthorityOptions {
  clock: Pick<Clock, 'now'>
  ids: Ids
}

export async function openAuthority(dir: string, { clock, ids }: AuthorityOptions): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // Key and certificate in one file: a power cut leaves both or none.
  const keptPath = join(dir, 'authority-key.pem')
  const make = () => newAuthority({ clock, ids })
  const first = existsSync(keptPath) ? '' : await make()
  let { keys, text, certificate } = read(
    keptPath,
    readOrMake(keptPath, () => first),
  )
  if (Date.parse(certificate.validTo) - clock.now() < renewBefore) {
    writePrivate(keptPath, await make())
    ;({ keys, text, certificate } = read(
      keptPath,
      readOrMake(keptPath, () => ''),
    ))
  }
  const path = join(dir, 'authority.pem')
  const bundlePath = join(dir, 'trusted.pem')
  await Promise.all([writeFile(path, text), trustBundle(text).then((bundle) => writeFile(bundlePath, bundle))])
  // No secrets, and programs of sessions read them; the folder around them is closed.
  await Promise.all([chmod(path, 0o644), chmod(bundlePath, 0o644)])
  return {
    path,
    bundlePath,
    fingerprint: certificate.fingerprint256,
    async issue(names, publicKey, to) {
      // Loaded when something is to be signed: an installation's first start, and the first connection by TLS.
      const { certificate: encode } = await import('./certificate.js')
      const serial = Buffer.from(ids.secret(16), 'base64url')
      const from = new Date(clock.now() - backdate)
      return encode({
        subject: names[0]?.slice(0, 64) ?? '',
        issuer: certificate.subject.replace(/^CN=/, ''),
        publicKey,
        signer: keys,
        serial,
        from,
        to,
        use: { names },
      })
    },
  }
}

async function newAuthority({ clock, ids }: AuthorityOptions): Promise<string> {
  const { certificate } = await import('./certificate.js')
  const keys = newKeys()
  // Clients look an authority up by its name: two installations on one machine must differ.
  const name = `agentworks local authority ${ids.alphanumeric(6)}`
  const now = clock.now()
  const text = certificate({
    subject: name,
    issuer: name,
    publicKey: keys.publicKey,
    signer: keys,
    serial: Buffer.from(ids.secret(16), 'base64url'),
    from: new Date(now - backdate),
    to: new Date(now + years),
    use: { permitted },
  })
  return `${keys.privateKey.export({ type: 'pkcs8', format: 'pem' })}${text}`
}

export const newKeys = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' })

function read(path: string, kept: string): { keys: KeyPair; text: string; certificate: X509Certificate } {
  try {
    const privateKey = createPrivateKey(kept)
    const text = kept.slice(kept.indexOf('-----BEGIN CERTIFICATE-----'))
    const certificate = new X509Certificate(text)
    if (certificate.checkPrivateKey(privateKey)) return { keys: { privateKey, publicKey: createPublicKey(privateKey) }, text, certificate }
  } catch {
    // falls through: the parser's message could quote the key
  }
  const why = `${path} does not hold a private key and its certificate; restore it from a backup, or remove it: a new one is made, which clients must be told of`
  throw new PortError('data-folder', 'unreadable', why)
}

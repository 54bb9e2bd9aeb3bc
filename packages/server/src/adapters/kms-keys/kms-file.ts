// The operator's map of KMS keys: one small JSON file from ARNs to files with keys, read anew each time, so that a change needs no restart.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { importPKCS8, SignJWT } from 'jose'
import { PortError } from '#kernel/errors.js'
import type { KmsKeys } from '#ports/kms-keys.js'

const symmetricKeyBytes = 32

export function kmsFile(path: string): KmsKeys {
  function contentOf(kmsKeyArn: string, what: string, example: string): { keyPath: string; content: string } {
    const file = mapIn(path)[kmsKeyArn]
    if (file === undefined)
      throw new PortError(
        'kms-keys',
        'unknown',
        `${path} does not say which ${what} ${kmsKeyArn} is here; add ${JSON.stringify({ [kmsKeyArn]: example })}, the file beside it or by its whole path`,
      )
    const keyPath = resolve(dirname(path), file)
    try {
      return { keyPath, content: readFileSync(keyPath, 'utf8') }
    } catch (cause) {
      throw unreadable(`${keyPath}, the ${what} of ${kmsKeyArn}, cannot be read: ${(cause as NodeJS.ErrnoException).code}`)
    }
  }

  return {
    async signer(kmsKeyArn, algorithm) {
      const { keyPath, content } = contentOf(kmsKeyArn, 'private key', 'key.pem')
      // The library's words could quote the key.
      const key = await importPKCS8(content, algorithm).catch(() => {
        throw unreadable(`${keyPath} is no private key for ${algorithm} in PKCS #8 (PEM, -----BEGIN PRIVATE KEY-----)`)
      })
      return (claims, header) => new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: algorithm, typ: 'JWT' }).sign(key)
    },

    symmetricKey(kmsKeyArn) {
      const { keyPath, content } = contentOf(kmsKeyArn, 'symmetric key', 'vault.key')
      const key = Buffer.from(content.trim(), 'base64')
      // Decoding skips what is no base64, so the text is compared with what the bytes would have given.
      if (key.length !== symmetricKeyBytes || key.toString('base64') !== content.trim())
        throw unreadable(
          `${keyPath} is no symmetric key for ${kmsKeyArn}: ${symmetricKeyBytes} bytes in base64, as openssl rand -base64 ${symmetricKeyBytes} prints them`,
        )
      return key
    },
  }
}

/** No file counts as an empty map. */
function mapIn(path: string): Readonly<Record<string, string>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw unreadable(`${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`)
  }
  const found = parsed(text)
  const isMap = typeof found === 'object' && found !== null && Object.values(found).every((value) => typeof value === 'string')
  if (!isMap) throw unreadable(`${path} is no JSON object from ARNs of KMS keys to files`)
  return Object.assign(Object.create(null), found)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreadable = (message: string) => new PortError('kms-keys', 'unreadable', message)

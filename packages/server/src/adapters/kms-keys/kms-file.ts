// The operator's map of KMS keys: one small JSON file from ARNs to files with private keys, read anew each time, so that a change needs no restart.
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { importPKCS8, SignJWT } from 'jose'
import { PortError } from '#kernel/errors.js'
import type { KmsKeys } from '#ports/kms-keys.js'

export function kmsFile(path: string): KmsKeys {
  return {
    async signer(kmsKeyArn, algorithm) {
      const file = (await mapIn(path))[kmsKeyArn]
      if (file === undefined)
        throw new PortError(
          'kms-keys',
          'unknown',
          `${path} does not say which private key ${kmsKeyArn} is here; add ${JSON.stringify({ [kmsKeyArn]: 'key.pem' })}, the file beside it or by its whole path`,
        )
      const keyPath = resolve(dirname(path), file)
      const pem = await readFile(keyPath, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw unreadable(`${keyPath}, the private key of ${kmsKeyArn}, cannot be read: ${cause.code}`)
      })
      // The library's words could quote the key.
      const key = await importPKCS8(pem, algorithm).catch(() => {
        throw unreadable(`${keyPath} is no private key for ${algorithm} in PKCS #8 (PEM, -----BEGIN PRIVATE KEY-----)`)
      })
      return (claims, header) => new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: algorithm, typ: 'JWT' }).sign(key)
    },
  }
}

/** No file counts as an empty map. */
async function mapIn(path: string): Promise<Readonly<Record<string, string>>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
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

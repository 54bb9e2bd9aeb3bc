// The secrets of an installation, made at its first start.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import { readOrMake } from './private-file.js'

export interface RootAccessKey {
  accessKeyId: string
  secretAccessKey: string
}

export interface Secrets {
  rootKey: Buffer
  accessKey: RootAccessKey
  adminToken: string
}

const rootKeyBytes = 32

export function secrets(dir: string, databasePath: string, ids: Ids): Secrets {
  return {
    rootKey: rootKey(join(dir, 'root-key'), databasePath, ids),
    accessKey: accessKey(join(dir, 'access-key.json'), ids),
    adminToken: adminToken(join(dir, 'admin-token'), ids),
  }
}

function rootKey(path: string, databasePath: string, ids: Ids): Buffer {
  if (!existsSync(path) && existsSync(databasePath)) {
    throw unreadable(path, 'is gone, and a new one could not open what the database holds sealed')
  }
  const key = Buffer.from(readOrMake(path, () => `${ids.secret(rootKeyBytes)}\n`).trim(), 'base64url')
  if (key.length !== rootKeyBytes) throw unreadable(path, `does not hold ${rootKeyBytes} bytes in base64url`)
  return key
}

function accessKey(path: string, ids: Ids): RootAccessKey {
  const text = readOrMake(path, () => `${JSON.stringify(newAccessKey(ids))}\n`)
  const { accessKeyId, secretAccessKey } = parse(text, path)
  if (typeof accessKeyId !== 'string' || !/^AKIA[A-Z0-9]{16}$/.test(accessKeyId))
    throw unreadable(path, 'has no accessKeyId of the form AKIA and 16 more of A-Z0-9')
  if (typeof secretAccessKey !== 'string' || secretAccessKey.length !== 40) throw unreadable(path, 'has no secretAccessKey of 40 characters')
  return { accessKeyId, secretAccessKey }
}

function newAccessKey(ids: Ids): RootAccessKey {
  return { accessKeyId: `AKIA${ids.alphanumeric(16).toUpperCase()}`, secretAccessKey: ids.alphanumeric(40) }
}

function adminToken(path: string, ids: Ids): string {
  const token = readOrMake(path, () => `${ids.secret(32)}\n`).trim()
  if (token.length < 32) throw unreadable(path, 'is shorter than 32 characters')
  return token
}

function parse(text: string, path: string): Partial<Record<keyof RootAccessKey, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // falls through: the parser's message could quote the secret
  }
  throw unreadable(path, 'is no JSON object')
}

function unreadable(path: string, why: string): PortError {
  return new PortError('data-folder', 'unreadable', `${path} ${why}; restore it from a backup`)
}

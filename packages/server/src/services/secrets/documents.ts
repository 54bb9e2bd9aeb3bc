// Secrets and their versions. Only what is told about a secret lies here; the values are entries of the vault.
import { hash } from 'node:crypto'
import { formatArn, parseArn } from '#kernel/arn.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'

export interface SecretVersion {
  versionId: string
  stages: string[]
  createdAt: number
  isBinary: boolean
}

export interface SecretDocument {
  name: string
  description?: string
  createdAt: number
  lastChangedAt: number
  /** When the recovery window ends; from then on there is no such secret. */
  deletionAt?: number
  deletedAt?: number
  /** The service that keeps its own secret here; nobody else changes it. */
  owningService?: string
  versions: SecretVersion[]
}

export const secrets = collection<SecretDocument>('secrets')
/** Those that are to be deleted, so that the sweep reads no others. */
export const deletions = collection<{ deletionAt: number }>('secret-deletions')

/** Names hold slashes, and versions are whatever token their caller sent: encoded, else one of `a` could be one of `a/b`. */
export const entryId = (name: string, versionId: string) => `secret/${name}/${encodeURIComponent(versionId)}`

/**
 * AWS ends the ARN of a secret in six characters of chance. Here they come from the name, so that policies can be asked about
 * the whole ARN before anything is read.
 */
export function secretArn(scope: Scope, name: string): string {
  return formatArn('secretsmanager', scope, `secret:${name}-${suffixOf(scope, name)}`)
}

function suffixOf({ account, region }: Scope, name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const digest = hash('sha256', `${account}/${region}/${name}`, 'buffer')
  return Array.from(digest.subarray(0, 6), (byte) => alphabet[byte % 62]).join('')
}

/** As policies know it, whichever way it is named. What is no secret of this scope is known as it was written. */
export function namedSecretArn(scope: Scope, secretId: string): string {
  const name = nameOf(scope, secretId)
  return name === undefined ? secretId : secretArn(scope, name)
}

/** A secret is named by its name, its ARN, or its ARN without the six characters. `undefined`: by the ARN of something else. */
export function nameOf(scope: Scope, secretId: string): string | undefined {
  if (!secretId.startsWith('arn:')) return secretId
  const arn = parseArn(secretId)
  if (arn?.service !== 'secretsmanager' || arn.account !== scope.account || arn.region !== scope.region) return undefined
  if (!arn.resource.startsWith('secret:')) return undefined
  const named = arn.resource.slice('secret:'.length)
  const whole = named.slice(0, -7)
  return named.at(-7) === '-' && suffixOf(scope, whole) === named.slice(-6) ? whole : named
}

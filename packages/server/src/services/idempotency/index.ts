// clientToken: the same call sent twice happens once. The record and the work are one transaction.
import { createHash } from 'node:crypto'
import { canonicalJson } from '#kernel/canonical-json.js'
import type { Clock } from '#kernel/clock.js'
import { invalidFields } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Store, type Transaction } from '#ports/store.js'

interface TokenDocument {
  fingerprint: string
  output: unknown
  createdAt: number
}

const clientTokens = collection<TokenDocument>('client-tokens')
const keptMs = 24 * 60 * 60_000

export interface Attempt {
  operation: string
  input: { clientToken?: string }
}

/**
 * Runs `work` unless this token was seen with the same input: then the first answer comes again.
 * Throws a ValidationException (reason IdempotentParameterMismatchException) when the input differs.
 */
export async function once<Output>(tx: Transaction, scope: Scope, attempt: Attempt, clock: Clock, work: () => Promise<Output>): Promise<Output> {
  const { clientToken, ...parameters } = attempt.input
  if (clientToken === undefined) return work()
  const id = `${attempt.operation}/${clientToken}`
  const fingerprint = fingerprintOf(parameters)
  const seen = await tx.get(clientTokens, scope, id)
  if (seen && seen.createdAt > clock.now() - keptMs) {
    if (seen.fingerprint !== fingerprint) {
      throw invalidFields(
        [{ name: 'clientToken', message: 'was used before with other parameters; send a new one for a new call' }],
        'IdempotentParameterMismatchException',
      )
    }
    return seen.output as Output
  }
  const output = await work()
  await tx.put(clientTokens, scope, id, { fingerprint, output, createdAt: clock.now() })
  return output
}

/** Drops records that no retry can still mean. */
export async function forgetOldTokens(store: Store, clock: Clock): Promise<void> {
  const old = (await store.all(clientTokens)).filter(({ document }) => document.createdAt <= clock.now() - keptMs)
  if (old.length === 0) return
  await store.transaction(async (tx) => {
    for (const row of old) await tx.delete(clientTokens, row, row.id)
  })
}

/** A hash, so that secrets in the input (environment variables) are not kept a second time. */
function fingerprintOf(input: object): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex')
}

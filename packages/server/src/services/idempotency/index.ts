// clientToken: the same call sent twice happens once. The record and the work are one transaction.
import { createHash } from 'node:crypto'
import { canonicalJson } from '#kernel/canonical-json.js'
import type { Clock } from '#kernel/clock.js'
import { invalidFields } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'

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
  const seen = await answerBefore<Output>(tx, scope, attempt, clock)
  if (seen) return seen.output
  const output = await work()
  const { clientToken, ...parameters } = attempt.input
  if (clientToken !== undefined) {
    await tx.put(clientTokens, scope, idOf(attempt.operation, clientToken), {
      fingerprint: fingerprintOf(parameters),
      output,
      createdAt: clock.now(),
    })
  }
  return output
}

/**
 * What the same call was answered before, if it was: to be asked ahead of checks that may no longer hold, such as that a
 * package is still in its bucket. Throws as `once` does.
 */
export async function answerBefore<Output>(reader: Reader, scope: Scope, attempt: Attempt, clock: Clock): Promise<{ output: Output } | undefined> {
  const { clientToken, ...parameters } = attempt.input
  if (clientToken === undefined) return undefined
  const seen = await reader.get(clientTokens, scope, idOf(attempt.operation, clientToken))
  if (!seen || seen.createdAt <= clock.now() - keptMs) return undefined
  if (seen.fingerprint !== fingerprintOf(parameters)) {
    throw invalidFields(
      [{ name: 'clientToken', message: 'was used before with other parameters; send a new one for a new call' }],
      'IdempotentParameterMismatchException',
    )
  }
  return { output: seen.output as Output }
}

const idOf = (operation: string, clientToken: string) => `${operation}/${clientToken}`

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

import { verifyBody } from '#wire/body.js'
import { claimOf, operationOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

/** What a document of an AWS API can need, unless the operation says otherwise. */
const bufferedBytes = 10 * 1024 * 1024

export const verifyCaller: Step = async (exchange, { signatures, spool, budget }) => {
  const operation = operationOf(exchange)
  const admitted = signatures.admit(claimOf(exchange), exchange.request)
  const rules = {
    maxBytes: operation.streamsUpTo ?? operation.bufferedBytes ?? bufferedBytes,
    isStreamed: operation.streamsUpTo !== undefined,
    checks: operation.bodyChecks,
  }
  exchange.body = await verifyBody(admitted, rules, { signatures, spool, budget })
  exchange.caller = admitted.key.caller
}

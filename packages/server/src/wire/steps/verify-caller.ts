import { Unauthenticated } from '#ports/bearers.js'
import type { BearerClaim } from '#wire/bearer-claim.js'
import { trustedBody, verifyBody } from '#wire/body.js'
import { claimOf, type Exchange, operationOf } from '#wire/exchange.js'
import type { PipelinePorts, Step } from '#wire/pipeline.js'

/** What a document of an AWS API can need, unless the operation says otherwise. */
const bufferedBytes = 10 * 1024 * 1024

export const verifyCaller: Step = async (exchange, ports) => {
  const { signatures, spool, budget } = ports
  const operation = operationOf(exchange)
  const claim = claimOf(exchange)
  const rules = {
    maxBytes: operation.streamsUpTo ?? operation.bufferedBytes ?? bufferedBytes,
    isStreamed: operation.streamsUpTo !== undefined,
    checks: operation.bodyChecks,
  }
  if (claim.kind === 'bearer') {
    exchange.caller = await bearerCaller(claim, exchange, ports)
    exchange.body = await trustedBody(exchange.request, exchange.caller.accessKeyId, rules, { budget })
    return
  }
  const admitted = signatures.admit(claim, exchange.request)
  exchange.body = await verifyBody(admitted, rules, { signatures, spool, budget })
  exchange.caller = admitted.key.caller
}

async function bearerCaller({ label, token }: BearerClaim, exchange: Exchange, { bearers }: PipelinePorts) {
  const { request, response } = exchange
  const { rawQuery, headers, scheme } = request
  try {
    return await bearers.authenticate({ label, query: new URLSearchParams(rawQuery), headers, token })
  } catch (fault) {
    if (fault instanceof Unauthenticated)
      // AWS: runtime-oauth; an MCP client finds by it where to get a token.
      response.setHeader('www-authenticate', `Bearer resource_metadata="${scheme}://${headers.host ?? ''}${fault.metadataPath}"`)
    throw fault
  }
}

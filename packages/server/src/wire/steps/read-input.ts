import { bodyOf, callerOf, operationOf, protocolOf, regionOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'
import { requestConditions } from '#wire/request-conditions.js'

export const readInput: Step = async (exchange) => {
  const caller = callerOf(exchange)
  exchange.input = await protocolOf(exchange).read(operationOf(exchange), exchange.request, bodyOf(exchange))
  exchange.context = {
    account: caller.account,
    region: regionOf(exchange),
    requestId: exchange.requestId,
    caller,
    headers: exchange.request.headers as Record<string, string>,
    signal: exchange.signal,
    conditions: () => requestConditions(exchange),
  }
}

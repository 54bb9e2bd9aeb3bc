import { protocolOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

export const matchOperation: Step = (exchange) => {
  exchange.operation = protocolOf(exchange).match(exchange.request)
  exchange.span?.set({ operation: exchange.operation.name })
}

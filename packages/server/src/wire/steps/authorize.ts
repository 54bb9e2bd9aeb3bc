import { callerOf, contextOf, operationOf, protocolOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

export const authorize: Step = (exchange, { authorizer }) => {
  const operation = operationOf(exchange)
  exchange.resourceArn = protocolOf(exchange).resource(operation, exchange.input, contextOf(exchange))
  authorizer.authorize(callerOf(exchange), operation.action, exchange.resourceArn, {
    conditions: contextOf(exchange).conditions,
    endpointArn: protocolOf(exchange).endpoint?.(operation, exchange.input, exchange.resourceArn),
  })
}

import { contextOf, operationOf, protocolOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

export const dispatch: Step = async (exchange) => {
  exchange.output = await protocolOf(exchange).dispatch(operationOf(exchange), contextOf(exchange), exchange.input)
}

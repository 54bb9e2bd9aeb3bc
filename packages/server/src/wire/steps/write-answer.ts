import { operationOf, protocolOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

export const writeAnswer: Step = (exchange) => protocolOf(exchange).write(operationOf(exchange), exchange.output, exchange)

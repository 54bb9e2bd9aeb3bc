import { claimOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

export const chooseProtocol: Step = (exchange, { protocols }) => {
  exchange.protocol = protocols.of(claimOf(exchange).service)
}

import type { Step } from '#wire/pipeline.js'

export const startTrace: Step = (exchange, { trace }) => {
  exchange.span = trace.start('request', { requestId: exchange.requestId })
}

// Runs the steps and turns whatever they throw into the protocol's own error form.
import { ServiceError } from '#kernel/errors.js'
import { AgentUnreachable } from '#ports/agent-link.js'
import { ClientGone, type Exchange } from './exchange.js'
import { type PipelinePorts, pipeline } from './pipeline.js'
import type { OwnRefusal } from './protocol.js'

export async function runPipeline(exchange: Exchange, ports: PipelinePorts): Promise<void> {
  let outcome = 'allowed'
  try {
    for (const step of pipeline) {
      const pending = step(exchange, ports)
      if (pending) await pending
    }
  } catch (thrown) {
    const error = asServiceError(thrown, exchange, ports)
    outcome = error.code
    await answerError(error, exchange, ports)
  } finally {
    exchange.span?.set({ outcome, status: exchange.response.statusCode })
    exchange.span?.end()
    audit(exchange, ports, outcome)
    await exchange.body?.release()
  }
}

function asServiceError(thrown: unknown, exchange: Exchange, { log }: PipelinePorts): ServiceError {
  if (thrown instanceof ServiceError) {
    if (thrown.detail) log.info('request refused', { requestId: exchange.requestId, code: thrown.code, detail: thrown.detail })
    return thrown
  }
  // Its answer had begun; who called it has logged which agent it was, and it is no defect of ours.
  if (thrown instanceof AgentUnreachable) return new ServiceError('RuntimeClientError', 'The agent broke off its answer.')
  // Whoever sees this line has found a defect: every input has a modelled answer.
  const fault = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (!exchange.signal.aborted) {
    log.error('request failed', { requestId: exchange.requestId, operation: exchange.operation?.name, error: fault.message, stack: fault.stack })
  }
  return new ServiceError('InternalServerException', `The request failed inside agentworks. The log has it under request id ${exchange.requestId}.`)
}

async function answerError(error: ServiceError, exchange: Exchange, { protocols }: PipelinePorts): Promise<void> {
  const { response, request } = exchange
  if (response.destroyed || response.writableEnded || exchange.signal.reason instanceof ClientGone) return
  if (response.headersSent) {
    // Too late for a status: cutting the connection is the only honest sign left.
    response.destroy()
    return
  }
  // What is left of the body will not be read; a kept-alive connection would take it for the next request.
  if (!request.body.readableEnded && request.httpVersionMajor === 1) response.setHeader('connection', 'close')
  const protocol = exchange.protocol ?? protocols.fallback
  const own = await protocol.ownRefusal?.(error, exchange)
  if (own) return writeOwn(own, error, exchange)
  protocol.writeError(error, response, exchange.requestId, exchange.operation)
}

/** Clients of AWS find the code where they look for it, whatever the body's form. */
function writeOwn({ status, contentType, body }: OwnRefusal, { code }: ServiceError, { response, requestId }: Exchange): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-errortype': code,
    'x-amzn-requestid': requestId,
  })
  response.end(body)
}

function audit(exchange: Exchange, ports: PipelinePorts, outcome: string): void {
  const { caller, operation, claim } = exchange
  if (!caller || !operation || !claim) return
  ports.audit.record({
    at: exchange.receivedAt,
    requestId: exchange.requestId,
    principalArn: caller.principalArn,
    service: claim.service,
    action: operation.action,
    resource: exchange.resourceArn,
    outcome,
  })
}

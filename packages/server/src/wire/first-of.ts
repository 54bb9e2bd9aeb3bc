// A service of which we serve a part: what the served protocol does not know goes on to the one that refuses by name.
import { ServiceError } from '#kernel/errors.js'
import type { MatchedOperation, Protocol } from './protocol.js'

interface Choice {
  protocol: Protocol
  operation: MatchedOperation
}

export function firstOf(served: Protocol, rest: Protocol): Protocol {
  const chosen = (operation: MatchedOperation) => operation.detail as Choice
  return {
    service: served.service,
    match(request) {
      const protocol = matches(served, request) ? served : rest
      const operation = protocol.match(request)
      return { ...operation, detail: { protocol, operation } satisfies Choice }
    },
    async read(matched, request, body) {
      const { protocol, operation } = chosen(matched)
      return protocol.read(operation, request, body)
    },
    resource: (matched, input, scope) => chosen(matched).protocol.resource(chosen(matched).operation, input, scope),
    dispatch: (matched, context, input) => chosen(matched).protocol.dispatch(chosen(matched).operation, context, input),
    write: (matched, output, exchange) => chosen(matched).protocol.write(chosen(matched).operation, output, exchange),
    writeError(error, response, requestId, matched) {
      if (matched) chosen(matched).protocol.writeError(error, response, requestId, chosen(matched).operation)
      else served.writeError(error, response, requestId, undefined)
    },
  }
}

function matches(protocol: Protocol, request: Parameters<Protocol['match']>[0]): boolean {
  try {
    protocol.match(request)
    return true
  } catch (fault) {
    // Any other refusal is about a route that is served: an empty label, a malformed escape.
    return !(fault instanceof ServiceError && fault.code === 'UnknownOperationException')
  }
}

// AWS's restJson1 for one service model: a Protocol whose codecs are compiled per operation at its first use.
import type { Operation, ServiceModel } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import { Unauthenticated } from '#ports/bearers.js'
import { type Exchange, regionOf } from '#wire/exchange.js'
import type { MatchedOperation, OwnRefusal, Protocol } from '#wire/protocol.js'
import { inputConditions } from './conditions.js'
import { errorRenderer, writeErrorAnswer } from './errors.js'
import { type InputReader, inputReader } from './read-input.js'
import { compileReaders } from './readers.js'
import { endpointNamer, resourceNamer } from './resources.js'
import { router } from './router.js'
import { type OutputWriter, outputWriter } from './write-output.js'
import { compileWriters } from './writers.js'

/** By AWS's operation name. An operation that is not here is refused by name: it never answers success untried. */
export type OperationTable = Readonly<Record<string, (context: Context, input: never) => Promise<unknown>>>

export type OwnRefuser = (error: ServiceError, refused: RefusedCall) => Promise<OwnRefusal | undefined>

/** What is known of a call that was refused, perhaps before its input was read. */
export interface RefusedCall {
  /** Of the caller; absent: the caller is not known. */
  scope: { account: string; region: string } | undefined
  labels: Readonly<Record<string, string>>
  query: URLSearchParams
  /** Set when all of the body was in memory. */
  bytes: Buffer | undefined
}

export interface RestJsonOptions {
  /** Most bytes of a body that is read whole. */
  bodyLimit?: number
  /** Operations that IAM knows by another one's name: Converse is allowed by InvokeModel. */
  actions?: Readonly<Record<string, string>>
  /** By operation: the form that a refusal has where the caller expects another than AWS's. */
  refusals?: Readonly<Record<string, OwnRefuser>>
  /** By operation: methods that its path takes besides the modelled one. The input then has the member `method`. */
  alsoBy?: Readonly<Record<string, readonly string[]>>
  /** Hears what broke a stream whose head was sent already: the client is only told that it broke. */
  onStreamFailure?(thrown: unknown, exchange: Exchange): void
}

interface Compiled {
  operation: Operation
  read: InputReader
  write: OutputWriter
  resource: ReturnType<typeof resourceNamer>
  endpoint: ReturnType<typeof endpointNamer>
}

interface Match {
  compiled: Compiled
  labels: Readonly<Record<string, string>>
}

export function restJson(model: ServiceModel, operations: OperationTable, options: RestJsonOptions = {}): Protocol {
  const { bodyLimit = 10 * 1024 * 1024, actions = {}, refusals = {}, alsoBy = {}, onStreamFailure } = options
  const modelled = Object.values(model.operations)
  const route = router([...modelled, ...modelled.flatMap((operation) => (alsoBy[operation.name] ?? []).map((method) => ({ ...operation, method })))])
  const readers = compileReaders(model)
  const writers = compileWriters(model)
  const renderError = errorRenderer(model, writers)
  const compiled = new Map<string, Compiled>()

  return {
    service: model.service,

    match({ method, rawPath }) {
      const { operation, labels } = route(method, rawPath)
      const { name, streamsUpTo } = operation
      return {
        name,
        action: `${model.service}:${actions[name] ?? name}`,
        ...(streamsUpTo !== undefined && { streamsUpTo }),
        bufferedBytes: bodyLimit,
        detail: { compiled: compiledFor(operation), labels } satisfies Match,
      }
    },

    async read(matched, request, body) {
      // Before validation: who asks for what does not exist here should hear that, not that a field is missing.
      if (!operations[matched.name]) throw notExecuted(matched.name)
      const { compiled, labels } = matchOf(matched)
      const input = await compiled.read({ labels, request, body })
      return alsoBy[matched.name]?.includes(request.method) ? { ...input, method: request.method } : input
    },

    resource: (matched, input, scope) => matchOf(matched).compiled.resource(input as Record<string, unknown>, scope),

    endpoint: (matched, input, resourceArn) => matchOf(matched).compiled.endpoint(input as Record<string, unknown>, resourceArn),

    conditions: (_matched, input) => inputConditions(input as Record<string, unknown>),

    async dispatch(matched, context, input) {
      const operation = operations[matched.name]
      if (!operation) throw notExecuted(matched.name)
      return operation(context, input as never)
    },

    write: (matched, output, exchange) => matchOf(matched).compiled.write((output ?? {}) as Record<string, unknown>, exchange),

    async ownRefusal(error, exchange) {
      const { operation, caller, request, body } = exchange
      const refuse = operation && refusals[operation.name]
      // Whose signature did not hold is told nothing of what was called; AWS's clients mend their clocks by that answer, too. That a
      // token is wanted is for everybody to know, in the words of what wants it.
      if (!refuse || (!caller && !(error instanceof Unauthenticated))) return undefined
      const { labels } = matchOf(operation)
      const scope = caller && { account: caller.account, region: regionOf(exchange) }
      return refuse(error, { scope, labels, query: new URLSearchParams(request.rawQuery), bytes: body?.bytes })
    },

    writeError(error, response, requestId, matched) {
      writeErrorAnswer(renderError(error, matched && matchOf(matched).compiled.operation), response, requestId)
    },
  }

  function compiledFor(operation: Operation): Compiled {
    const known = compiled.get(operation.name)
    if (known) return known
    const fresh = {
      operation,
      read: inputReader(operation, model, readers, bodyLimit),
      write: outputWriter(operation, { model, writers, renderError, asServiceError }),
      resource: resourceNamer(model, operation),
      endpoint: endpointNamer(model, operation),
    }
    compiled.set(operation.name, fresh)
    return fresh
  }

  function asServiceError(thrown: unknown, exchange: Exchange): ServiceError {
    onStreamFailure?.(thrown, exchange)
    if (thrown instanceof ServiceError) return thrown
    return new ServiceError('InternalServerException', `The stream failed inside agentworks. The log has it under request id ${exchange.requestId}.`)
  }
}

function matchOf(matched: MatchedOperation): Match {
  return matched.detail as Match
}

function notExecuted(name: string): ServiceError {
  return new ServiceError(
    'UnsupportedOperationException',
    `${name} is not executed by this version of agentworks. docs/conformance.md lists what works.`,
  )
}

// The Query protocol of AWS's oldest services: parameters as a form in the body or in the query, answers in XML.
import type { Context } from '#kernel/context.js'
import { cannotParse, ServiceError } from '#kernel/errors.js'
import type { QueryParameters, QueryTree } from '#kernel/query.js'
import type { ConditionFacts } from '#ports/callers.js'
import type { AskedIn, Protocol } from '#wire/protocol.js'
import { writeErrorForm } from '#wire/unserved/error-forms.js'
import { renderAnswer } from './answer.js'
import { queryParameters } from './parameters.js'

/** Answers by their XML names. */
export type QueryOperations = Readonly<Record<string, (context: Context, parameters: QueryParameters) => Promise<QueryTree>>>

export interface QueryService {
  /** The credential scope, as `sts`. */
  service: string
  /** Of the answers: XML namespace of the service's model. */
  namespace: string
  operations: QueryOperations
  /** The ARN that a call is about; absent, or answering nothing: `*`. */
  resource?(operation: string, parameters: QueryParameters, scope: AskedIn): string | undefined
  /** Condition keys of policies whose values are in the call. */
  conditions?(operation: string, parameters: QueryParameters): ConditionFacts
}

export function queryProtocol({ service, namespace, operations, resource, conditions }: QueryService): Protocol {
  const notServed = (name: string) =>
    new ServiceError(
      'UnsupportedOperationException',
      `${service} ${name} is not served by agentworks; docs/conformance.md lists what works. Set AWS_ENDPOINT_URL_${service.toUpperCase()} to send it elsewhere.`,
    )
  return {
    service,

    match(request) {
      if (request.method !== 'POST' && request.method !== 'GET') {
        throw new ServiceError('UnknownOperationException', `${service} is called by POST or GET, not by ${request.method}.`)
      }
      // A form in the body names the action, so `read` has the last word.
      const name = new URLSearchParams(request.rawQuery).get('Action') ?? ''
      return { name, action: `${service}:${name}`, detail: undefined }
    },

    async read(operation, request, body): Promise<QueryParameters> {
      const parameters = await queryParameters(request, body)
      const action = parameters.get('Action')
      if (!action || !/^\w{1,128}$/.test(action)) throw cannotParse('Action: must name the operation, as in Action=GetCallerIdentity')
      operation.name = action
      operation.action = `${service}:${action}`
      if (!Object.hasOwn(operations, action)) throw notServed(action)
      return parameters
    },

    resource: ({ name }, input, scope) => resource?.(name, input as QueryParameters, scope) ?? '*',

    conditions: ({ name }, input) => conditions?.(name, input as QueryParameters) ?? {},

    async dispatch({ name }, context, input) {
      const run = operations[name]
      if (!run) throw notServed(name)
      return run(context, input as QueryParameters)
    },

    async write({ name }, output, { response, requestId }) {
      const body = Buffer.from(renderAnswer(name, namespace, requestId, output as QueryTree))
      response.writeHead(200, { 'x-amzn-requestid': requestId, 'content-type': 'text/xml', 'content-length': body.length })
      response.end(body)
    },

    writeError: (error, response, requestId) => writeErrorForm('query', error, response, requestId),
  }
}

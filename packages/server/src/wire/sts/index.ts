// The sts scope: the Query protocol, parameters as a form in the body or in the query, answers in XML.
import type { Context } from '#kernel/context.js'
import { cannotParse, ServiceError } from '#kernel/errors.js'
import type { VerifiedBody, WireRequest } from '#wire/exchange.js'
import type { Protocol } from '#wire/protocol.js'
import { writeErrorForm } from '#wire/unserved/error-forms.js'

/** Answers as flat members, by their XML names. */
export type StsOperations = Readonly<Record<string, (context: Context, parameters: URLSearchParams) => Promise<Readonly<Record<string, string>>>>>

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

export function stsProtocol(operations: StsOperations): Protocol {
  return {
    service: 'sts',

    match(request) {
      if (request.method !== 'POST' && request.method !== 'GET') {
        throw new ServiceError('UnknownOperationException', `sts is called by POST or GET, not by ${request.method}.`)
      }
      // A form in the body names the action, so `read` has the last word.
      const name = new URLSearchParams(request.rawQuery).get('Action') ?? ''
      return { name, action: `sts:${name}`, detail: undefined }
    },

    async read(operation, request, body): Promise<URLSearchParams> {
      const parameters = await parametersOf(request, body)
      const action = parameters.get('Action')
      if (!action || !/^\w{1,128}$/.test(action)) throw cannotParse('Action: must name the operation, as in Action=GetCallerIdentity')
      operation.name = action
      operation.action = `sts:${action}`
      if (!Object.hasOwn(operations, action)) {
        throw new ServiceError(
          'UnsupportedOperationException',
          `sts ${action} is not served by agentworks; docs/conformance.md lists what works. Set AWS_ENDPOINT_URL_STS to send it elsewhere.`,
        )
      }
      return parameters
    },

    resource: () => '*',

    async dispatch(operation, context, input) {
      const run = operations[operation.name]
      if (!run) throw new ServiceError('UnsupportedOperationException', `sts ${operation.name} is not served by agentworks.`)
      return run(context, input as URLSearchParams)
    },

    async write({ name }, output, { response, requestId }) {
      const members = Object.entries(output as Record<string, string>).map(([member, value]) => `<${member}>${escaped(value)}</${member}>`)
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
      const body = Buffer.from(
        `<${name}Response xmlns="${namespace}"><${name}Result>${members.join('')}</${name}Result>${metadata}</${name}Response>`,
      )
      response.writeHead(200, { 'x-amzn-requestid': requestId, 'content-type': 'text/xml', 'content-length': body.length })
      response.end(body)
    },

    writeError: (error, response, requestId) => writeErrorForm('query', error, response, requestId),
  }
}

async function parametersOf({ method, rawQuery, headers }: WireRequest, { bytes, stream }: VerifiedBody): Promise<URLSearchParams> {
  if (method === 'GET') return new URLSearchParams(rawQuery)
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams(rawQuery)
  const body = bytes ?? Buffer.concat(await stream.toArray())
  return new URLSearchParams(body.toString('utf8'))
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

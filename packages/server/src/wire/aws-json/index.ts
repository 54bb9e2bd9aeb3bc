// AWS's JSON 1.1 protocol: POST /, the operation in X-Amz-Target, one JSON object each way.
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { VerifiedBody } from '#wire/exchange.js'
import type { Protocol } from '#wire/protocol.js'
import { writeErrorForm } from '#wire/unserved/error-forms.js'

export interface AwsJsonOperation {
  /** The input from the object that was sent. Throws what the caller is to hear. */
  read(sent: Readonly<Record<string, unknown>>): unknown
  run(context: Context, input: never): Promise<object>
}

export interface AwsJsonService {
  /** The credential scope, and what X-Amz-Target begins with. */
  service: string
  operations: Readonly<Record<string, AwsJsonOperation>>
  /** The ARN that a call is about; `*` when it is about none. */
  resource(operation: string, input: never, scope: Scope): string
  /** In the words of the service. */
  malformed(message: string): ServiceError
  /** Sends calls elsewhere. */
  variable: string
}

/** A secret of 64 KB as base64, escaped, and much room. */
const bodyBytes = 1024 * 1024

export function awsJsonProtocol({ service, operations, resource, malformed, variable }: AwsJsonService): Protocol {
  const find = (name: string): AwsJsonOperation => {
    const found = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (found) return found
    throw new ServiceError(
      'UnsupportedOperationException',
      `${service} ${name} is not served by agentworks; docs/conformance.md lists what works. Set ${variable} to send it elsewhere.`,
    )
  }

  return {
    service,

    match({ method, headers }) {
      const [, name] = /^[A-Za-z0-9_]+\.([A-Za-z0-9]{1,128})$/.exec(String(headers['x-amz-target'] ?? '')) ?? []
      if (method !== 'POST' || name === undefined)
        throw new ServiceError(
          'UnknownOperationException',
          `${service} is called by POST with the operation in X-Amz-Target, as in ${service}.Operation.`,
        )
      return { name, action: `${service}:${name}`, bufferedBytes: bodyBytes, detail: undefined }
    },

    async read({ name }, _request, body) {
      return find(name).read(await objectIn(body, malformed))
    },

    resource: ({ name }, input, scope) => resource(name, input as never, scope),

    dispatch: ({ name }, context, input) => find(name).run(context, input as never),

    async write(_operation, output, { response, requestId }) {
      const body = Buffer.from(JSON.stringify(output))
      response.writeHead(200, { 'x-amzn-requestid': requestId, 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length })
      response.end(body)
    },

    writeError(error, response, requestId) {
      // These services answer 400 for whatever their callers got wrong, a thing that is not there too.
      writeErrorForm('json-1.1', error, response, requestId, error.code === 'ResourceNotFoundException' ? 400 : error.status)
    },
  }
}

async function objectIn({ bytes, stream }: VerifiedBody, malformed: AwsJsonService['malformed']): Promise<Readonly<Record<string, unknown>>> {
  const text = (bytes ?? Buffer.concat(await stream.toArray())).toString('utf8')
  let parsed: unknown
  try {
    parsed = text === '' ? {} : JSON.parse(text)
  } catch {
    // The parser's message would quote what may be a secret.
    throw malformed('The body is no JSON.')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw malformed('The body is no JSON object.')
  return parsed as Readonly<Record<string, unknown>>
}

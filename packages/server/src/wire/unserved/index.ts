// Services that we do not serve. Clients inside a session send everything to our port, so each is refused by name, in its
// own error form, and only after its signature was checked: what we are is nobody else's business.
import { ServiceError } from '#kernel/errors.js'
import type { VerifiedBody, WireRequest } from '#wire/exchange.js'
import type { Protocol } from '#wire/protocol.js'
import { type ErrorForm, writeErrorForm } from './error-forms.js'
import { endpointVariable, formOf } from './services.js'

export function unservedProtocol(service: string): Protocol {
  const refuse = (action: string) => {
    const elsewhere = `Set ${endpointVariable(service)} to send it elsewhere.`
    return new ServiceError(
      'UnsupportedOperationException',
      `${service} ${action} is not served by agentworks; docs/conformance.md lists what works. ${elsewhere}`,
    )
  }
  return {
    service,
    match(request) {
      const action = actionOf(request) ?? `${request.method} ${request.rawPath.slice(0, 200)}`
      return { name: action, action: `${service}:${action}`, detail: requestForm(request) ?? formOf(service) }
    },
    /** Here and not in `dispatch`: whether the caller might do it is beside the point. */
    async read(operation, request, body) {
      throw refuse((await actionInForm(request, body)) ?? operation.name)
    },
    resource: () => '*',
    dispatch: async (operation) => {
      throw refuse(operation.name)
    },
    write: async () => {},
    writeError(error, response, requestId, operation) {
      writeErrorForm((operation?.detail as ErrorForm | undefined) ?? formOf(service), error, response, requestId)
    },
  }
}

const rpcPath = /\/service\/\w+\/operation\/(\w{1,128})$/

/** What the request itself says about its protocol: some services speak several. */
function requestForm({ headers, rawPath, rawQuery }: WireRequest): ErrorForm | undefined {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor' || rpcPath.test(rawPath)) return 'cbor'
  const type = headers['content-type'] ?? ''
  if (headers['x-amz-target'] !== undefined) return type.includes('json-1.0') ? 'json-1.0' : 'json-1.1'
  return isForm(type) || /(?:^|&)Action=/.test(rawQuery) ? 'query' : undefined
}

function actionOf({ headers, rawPath, rawQuery }: WireRequest): string | undefined {
  const target = headers['x-amz-target']
  const inTarget = typeof target === 'string' ? /\.(\w{1,128})$/.exec(target)?.[1] : undefined
  return inTarget ?? rpcPath.exec(rawPath)?.[1] ?? named(new URLSearchParams(rawQuery).get('Action'))
}

async function actionInForm({ headers }: WireRequest, { bytes, stream }: VerifiedBody): Promise<string | undefined> {
  if (!isForm(headers['content-type'] ?? '')) return undefined
  const body = bytes ?? Buffer.concat(await stream.toArray())
  return named(new URLSearchParams(body.toString('utf8')).get('Action'))
}

const isForm = (contentType: string) => contentType.startsWith('application/x-www-form-urlencoded')

const named = (action: string | null) => (action && /^\w{1,128}$/.test(action) ? action : undefined)

// How the protocols of AWS services write an error. `agentworks` answers in the form of the service that was asked, served or not.
import type { ErrorCode, ServiceError } from '#kernel/errors.js'
import type { WireResponse } from '#wire/exchange.js'

export type ErrorForm = 'json-1.0' | 'json-1.1' | 'rest-json' | 'query' | 'rest-xml' | 's3-xml' | 'ec2' | 'cbor'

/** Query services and their kin have names of their own for what went wrong before an operation was reached. */
const queryCodes: Partial<Record<ErrorCode, string>> = {
  AccessDeniedException: 'AccessDenied',
  DeleteConflictException: 'DeleteConflict',
  EntityAlreadyExistsException: 'EntityAlreadyExists',
  FeatureEnabledException: 'FeatureEnabled',
  ExpiredTokenException: 'ExpiredToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InternalServerException: 'InternalFailure',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MalformedPolicyDocumentException: 'MalformedPolicyDocument',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  NoSuchEntityException: 'NoSuchEntity',
  PackedPolicyTooLargeException: 'PackedPolicyTooLarge',
  ServiceUnavailableException: 'ServiceUnavailable',
  ThrottlingException: 'Throttling',
  UnmodifiableEntityException: 'UnmodifiableEntity',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ValidationException: 'ValidationError',
}

interface Rendered {
  contentType: string
  body: Buffer
  headers?: Record<string, string>
}

export function writeErrorForm(form: ErrorForm, error: ServiceError, response: WireResponse, requestId: string, status: number = error.status): void {
  const { contentType, body, headers } = render(form, error, requestId)
  response.writeHead(status, { 'x-amzn-requestid': requestId, 'content-type': contentType, 'content-length': body.length, ...headers })
  response.end(body)
}

function render(form: ErrorForm, { code, message, status }: ServiceError, requestId: string): Rendered {
  const queryCode = queryCodes[code] ?? code
  const fault = status < 500 || status === 501 ? 'Sender' : 'Receiver'
  switch (form) {
    case 'json-1.0':
    case 'json-1.1':
      return {
        contentType: `application/x-amz-${form}`,
        body: Buffer.from(JSON.stringify({ __type: code, message })),
        // For services that moved from Query to JSON: their clients still expect the old code.
        headers: { 'x-amzn-errortype': code, 'x-amzn-query-error': `${queryCode};${fault}` },
      }
    case 'rest-json':
      return { contentType: 'application/json', body: Buffer.from(JSON.stringify({ message })), headers: { 'x-amzn-errortype': code } }
    case 'cbor':
      return {
        contentType: 'application/cbor',
        body: cborMap({ __type: code, message }),
        headers: { 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-query-error': `${queryCode};${fault}` },
      }
    case 'query':
    case 'rest-xml': {
      const xml = `<ErrorResponse><Error><Type>${fault}</Type><Code>${queryCode}</Code><Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
      return { contentType: 'text/xml', body: Buffer.from(xml) }
    }
    case 's3-xml':
      return {
        contentType: 'application/xml',
        body: Buffer.from(`<Error><Code>${queryCode}</Code><Message>${escaped(message)}</Message><RequestId>${requestId}</RequestId></Error>`),
      }
    case 'ec2': {
      const xml = `<Response><Errors><Error><Code>${queryCode}</Code><Message>${escaped(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`
      return { contentType: 'text/xml', body: Buffer.from(xml) }
    }
    default:
      return form satisfies never
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

/** A CBOR map of texts: major type 5, then pairs of major type 3. */
function cborMap(entries: Readonly<Record<string, string>>): Buffer {
  const parts = [Buffer.from([0xa0 | Object.keys(entries).length])]
  for (const text of Object.entries(entries).flat()) {
    const bytes = Buffer.from(text)
    const head =
      bytes.length < 24 ? [0x60 | bytes.length] : bytes.length < 256 ? [0x78, bytes.length] : [0x79, bytes.length >> 8, bytes.length & 0xff]
    parts.push(Buffer.from(head), bytes)
  }
  return Buffer.concat(parts)
}

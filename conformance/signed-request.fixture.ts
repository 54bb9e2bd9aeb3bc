// Signed requests that no stock client would send: for bad input, for services without a client here, and for the report.
import { request } from 'node:http'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { NodeSha256 } from './node-sha256.fixture.ts'
import { type RunningPlatform, region } from './platform.fixture.ts'

export interface Answer {
  status: number
  /** The error's code, wherever the service's form puts it. */
  type: string
  message: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export interface Raw {
  method?: string
  path: string
  body?: string
  headers?: Record<string, string>
  service?: string
  at?: Date
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** Sent in place of what was signed. */
  sentBody?: string
}

type Where = Pick<RunningPlatform, 'url' | 'credentials'>

export async function sendSigned(platform: Where, raw: Raw): Promise<Answer> {
  const { method = 'POST', path, body = '', headers = {}, service = 'bedrock-agentcore', at = new Date() } = raw
  const { credentials = platform.credentials, sentBody = body } = raw
  const { hostname, port } = new URL(platform.url)
  const [pathname = '', search = ''] = path.split('?')
  const signer = new SignatureV4({ service, region, credentials, sha256: NodeSha256 as never })
  const query = Object.fromEntries(new URLSearchParams(search))
  const signed: { headers: Record<string, string> } = await signer.sign(
    new HttpRequest({
      protocol: 'http:',
      method,
      hostname,
      path: pathname,
      query,
      headers: { host: `${hostname}:${port}`, 'content-type': 'application/json', ...headers },
      body,
    }),
    { signingDate: at },
  )
  return sendAsIs(platform, method, path, { headers: signed.headers, body: sentBody })
}

export function sendAsIs(
  { url }: Pick<Where, 'url'>,
  method: string,
  path: string,
  { headers, body = '' }: { headers: Record<string, string>; body?: string },
): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, ...errorIn(text, response.headers) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function errorIn(text: string, headers: Answer['headers']): Pick<Answer, 'type' | 'message'> {
  const said = parsed(text)
  const inXml = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  return {
    type: String(headers['x-amzn-errortype'] ?? said?.__type ?? inXml('Code') ?? ''),
    message: String(said?.message ?? said?.Message ?? inXml('Message') ?? text),
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

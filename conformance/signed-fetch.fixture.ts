// A fetch that signs, for stock clients of other protocols: they take a fetch and know nothing of AWS.
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { NodeSha256 } from './node-sha256.fixture.ts'
import { type RunningPlatform, region } from './platform.fixture.ts'

export function signedFetch({ credentials }: Pick<RunningPlatform, 'credentials'>): typeof fetch {
  const signer = new SignatureV4({ service: 'bedrock-agentcore', region, credentials, sha256: NodeSha256 as never })
  return async (input, init) => {
    const request = new Request(input, init)
    const { protocol, hostname, host, pathname, searchParams } = new URL(request.url)
    const body = request.body ? await request.text() : undefined
    const signed: { headers: Record<string, string> } = await signer.sign(
      new HttpRequest({
        protocol,
        hostname,
        method: request.method,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: { ...Object.fromEntries(request.headers), host },
        body,
      }),
    )
    return fetch(request.url, { method: request.method, headers: signed.headers, body, signal: request.signal })
  }
}

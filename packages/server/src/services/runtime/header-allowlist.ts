// Which of the caller's headers reach the agent (developer guide: runtime-header-allowlist).
import { invalid } from '#kernel/errors.js'
import { headerValueBytes } from './limits.js'

export const customPrefix = 'x-amzn-bedrock-agentcore-runtime-custom-'

const refused = new Set(
  `proxy-authorization www-authenticate accept accept-charset accept-encoding accept-language content-type content-length
  content-encoding content-language content-location content-range cache-control etag expires if-match if-modified-since
  if-none-match if-range if-unmodified-since last-modified pragma vary connection keep-alive proxy-connection upgrade host
  user-agent referer from range accept-ranges transfer-encoding te trailer server date location retry-after link set-cookie
  cookie content-security-policy content-security-policy-report-only strict-transport-security x-content-type-options
  x-frame-options x-xss-protection referrer-policy permissions-policy cross-origin-embedder-policy cross-origin-opener-policy
  cross-origin-resource-policy clear-site-data feature-policy expect-ct public-key-pins public-key-pins-report-only origin
  accept-ch accept-ch-lifetime dpr width viewport-width downlink ect rtt save-data via forwarded x-forwarded-for
  x-forwarded-host x-forwarded-proto x-real-ip x-requested-with x-csrf-token true-client-ip x-client-ip x-cluster-client-ip
  x-originating-ip x-source-ip x-original-url x-original-host x-rewrite-url cf-ray cf-connecting-ip x-cache x-served-by
  sec-websocket-key sec-websocket-accept sec-websocket-version sec-websocket-protocol sec-websocket-extensions`.split(/\s+/),
)
const refusedPrefixes = ['access-control-', 'x-amz-', 'x-amzn-']

/** What the platform itself vouches for: a caller whose header came through could pass for another user. */
const platformsOwn = new Set(['workloadaccesstoken', 'oauth2callbackurl'])

/** Throws a ValidationException that names the header and the rule it breaks. */
export function checkAllowlist(names: readonly string[], { takesTokens }: { takesTokens: boolean }): void {
  const seen = new Set<string>()
  names.forEach((name, index) => {
    const field = `requestHeaderConfiguration.requestHeaderAllowlist[${index}]`
    const lower = name.toLowerCase()
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,255}$/.test(name))
      throw invalid(field, `"${name}" is no header name: letters, digits, hyphens and underscores, a letter first`)
    if (seen.has(lower)) throw invalid(field, `"${name}" is listed twice (names are compared without case)`)
    seen.add(lower)
    if (lower === 'authorization' && !takesTokens)
      throw invalid(field, 'Authorization is passed on only by a runtime with a JWT authorizer: set authorizerConfiguration too, or leave it out')
    if (platformsOwn.has(lower)) throw invalid(field, `"${name}" is set by the platform alone; choose another name`)
    if (lower.startsWith(customPrefix)) return
    if (refused.has(lower) || refusedPrefixes.some((prefix) => lower.startsWith(prefix))) {
      throw invalid(field, `"${name}" is restricted and cannot be passed on; use X-Amzn-Bedrock-AgentCore-Runtime-Custom-<Name>`)
    }
  })
}

/** The protocol's own headers pass without being listed; a name listed in another case is no second header. */
export function withOwnHeaders(allowlist: readonly string[] = [], ownHeaders: readonly string[]): string[] {
  const listed = new Set(allowlist.map((name) => name.toLowerCase()))
  return [...allowlist, ...ownHeaders.filter((name) => !listed.has(name.toLowerCase()))]
}

/** Spelled as the platform itself sends them: in another spelling the agent would get them twice. */
const spelling = new Map(
  ['traceparent', 'tracestate', 'baggage', 'Mcp-Session-Id', 'Mcp-Protocol-Version', 'Mcp-Method', 'Mcp-Name'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
)

/** The caller's headers that the runtime's list lets through. Values over 4 KB are refused, as AWS does. */
export function allowedHeaders(allowlist: readonly string[], headers: Readonly<Record<string, string>>): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of allowlist) {
    const value = headers[name.toLowerCase()]
    if (value === undefined) continue
    if (Buffer.byteLength(value) > headerValueBytes) throw invalid(name, `the header's value has more than ${headerValueBytes} bytes`)
    passed[spelling.get(name.toLowerCase()) ?? name] = value
  }
  return passed
}

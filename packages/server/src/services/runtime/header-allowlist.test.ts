import { describe, expect, it } from 'vitest'
import { allowedHeaders, checkAllowlist } from './header-allowlist.js'

const signed = { takesTokens: false }

describe('the header allow-list', () => {
  it.each(['X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant', 'X-My-Header', 'traceparent'])('takes %s', (name) => {
    expect(() => checkAllowlist([name], signed)).not.toThrow()
  })

  it.each([
    ['Cookie', /restricted/],
    ['x-amz-security-token', /restricted/],
    ['X-Amzn-Trace-Id', /restricted/],
    ['Access-Control-Request-Method', /restricted/],
    ['Authorization', /JWT authorizer/],
    ['WorkloadAccessToken', /set by the platform/],
    ['oauth2callbackurl', /set by the platform/],
    ['bad name', /no header name/],
    ['X-Ünicode', /no header name/],
    [':authority', /no header name/],
  ])('refuses %s by name', (name, why) => {
    expect(() => checkAllowlist(['X-Fine', name], signed)).toThrow(why)
    expect(() => checkAllowlist(['X-Fine', name], signed)).toThrow(/requestHeaderAllowlist\[1\]/)
  })

  it('takes Authorization where callers carry bearer tokens', () => {
    expect(() => checkAllowlist(['Authorization'], { takesTokens: true })).not.toThrow()
  })

  it('refuses a name that is listed twice, whatever its case', () => {
    expect(() => checkAllowlist(['X-One', 'x-one'], signed)).toThrow(/listed twice/)
  })

  it('passes on listed headers only', () => {
    expect(allowedHeaders(['X-One'], { 'x-one': '1', 'x-two': '2' })).toEqual({ 'X-One': '1' })
  })

  it('spells what the platform passes on anyway as the platform does', () => {
    expect(allowedHeaders(['TraceParent', 'MCP-Method'], { traceparent: '1', 'mcp-method': '2' })).toEqual({ traceparent: '1', 'Mcp-Method': '2' })
  })

  it('refuses a value over 4 KB', () => {
    expect(() => allowedHeaders(['X-One'], { 'x-one': 'a'.repeat(4097) })).toThrow(/4096 bytes/)
  })
})

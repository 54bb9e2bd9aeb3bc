// What is promised to callers with bearer tokens, and of what is asked of them.
import type { Requirement } from './requirements.ts'

export const jwt = {
  'jwt.accepted': {
    promise:
      'A runtime with a JWT authorizer takes the tokens of a stock provider, from every way of calling it, and hands the token on only when told to',
    source: 'DG runtime-oauth, inbound-jwt-authorizer, runtime-header-allowlist',
    operations: [
      'CreateAgentRuntime',
      'GetAgentRuntime',
      'UpdateAgentRuntime',
      'InvokeAgentRuntime',
      'InvokeAgentRuntimeCommand',
      'StopRuntimeSession',
    ],
  },
  'jwt.refused': {
    promise: 'A token that fails one of the checks is refused with 401, in AWS’s words, and the way to the protected resource’s metadata',
    source: 'DG inbound-jwt-authorizer, runtime-oauth; RFC 9728',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.forged': {
    promise: 'A token that its issuer did not sign is refused: no algorithm, the public key as a secret, an unknown key',
    source: 'DG inbound-jwt-authorizer; RFC 8725',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.malformed': {
    promise: 'Whatever stands where a token, its claims or the runtime’s name belong is refused as the caller’s fault',
    source: 'DG inbound-jwt-authorizer; RFC 7519',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.keys': {
    promise:
      'Keys that rotate are found at once and withdrawn ones believed no more; an issuer that is down, slow or huge costs no one else anything',
    source: 'DG inbound-jwt-authorizer',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.method': {
    promise: 'Who signs where a token is asked for, or brings a token where a signature is, hears that it is the other method',
    source: 'DG runtime-oauth',
    operations: ['InvokeAgentRuntime', 'StopRuntimeSession'],
  },
  'jwt.inside': {
    promise: 'An agent calls another one for its user, with the token that it was handed, from inside its session',
    source: 'DG runtime-oauth, runtime-header-allowlist',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.updated': {
    promise: 'An update gives a runtime a JWT authorizer and takes it away again, from its new version on',
    source: 'DG agent-runtime-versioning; API UpdateAgentRuntime',
    operations: ['UpdateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'jwt.metadata': {
    promise: 'The protected resource’s metadata is served without a token and leads an MCP client to the issuer',
    source: 'DG runtime-oauth, runtime-mcp; RFC 9728',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.websocket': {
    promise: 'A WebSocket opens with a bearer token, in its header or in the subprotocol of browsers',
    source: 'DG runtime-get-started-websocket',
    operations: [],
  },
  'jwt.settings': {
    promise: 'A JWT authorizer that would accept everybody, or that asks for what does not execute, is refused by name',
    source: 'API CustomJWTAuthorizerConfiguration',
    operations: ['CreateAgentRuntime'],
  },
  'jwt.workload': {
    promise: 'GetWorkloadAccessTokenForJWT gives a token for the user of a JWT whose signature and times hold, and for no other',
    source: 'DG get-workload-access-token; API GetWorkloadAccessTokenForJWT',
    operations: ['GetWorkloadAccessTokenForJWT'],
  },
  'jwt.schemes': {
    promise: 'The way to a token is told by the scheme and host that the client called, over HTTP/1.1, HTTP/2 and TLS',
    source: 'RFC 9728, 3.3 and 5.1',
    operations: ['InvokeAgentRuntime'],
  },
  'jwt.sdk': {
    promise: 'Our SDK invokes, streams over a WebSocket and reads an agent card with a token and no keys',
    source: 'contract; DG runtime-oauth, runtime-a2a',
    operations: ['InvokeAgentRuntime', 'GetAgentCard'],
  },
  'jwt.oauth-metadata': {
    promise: 'A discovery document in the form of RFC 8414 serves as one of OpenID Connect does',
    source: 'API DiscoveryUrl; RFC 8414',
    operations: ['CreateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'jwt.cli': {
    promise: 'The owner sees what an issuer publishes and which check refuses a token, and invokes with one from a file; no token is shown',
    source: 'contract',
    operations: [],
  },
} as const satisfies Record<string, Requirement>

// What is promised of tokens and keys of resources, which agents get for themselves and for their users.
import type { Requirement } from './requirements.ts'

export const tokens = {
  'tokens.agent': {
    promise: 'An agent in its session gets an API key and a machine token with nothing but what came with the request and its own credentials',
    source: 'DG identity-outbound-credential-provider; API GetResourceApiKey, GetResourceOauth2Token',
    operations: ['GetResourceApiKey', 'GetResourceOauth2Token'],
  },
  'tokens.user': {
    promise: 'A user’s token is the user’s alone: it comes after consent and binding, is renewed by itself, and no other user or workload gets it',
    source: 'DG oauth2-authorization-url-session-binding; API GetResourceOauth2Token, CompleteResourceTokenAuth',
    operations: ['GetResourceOauth2Token', 'CompleteResourceTokenAuth'],
  },
  'tokens.survive': {
    promise: 'A sign-in goes on after kill -9, wherever it was, and what was bound before is there',
    source: 'mission',
    operations: ['GetResourceOauth2Token', 'CompleteResourceTokenAuth'],
  },
  'tokens.egress': {
    promise: 'The platform calls no address of this host or a private network for a resource, unless it was started with --allow-egress for it',
    source: 'contract: outgoing calls',
    operations: ['GetResourceOauth2Token'],
  },
  'tokens.named': {
    promise: 'A platform that others know by a name has its callbacks under that name, and answers there, and under no stranger’s',
    source: 'contract: one port, Host',
    operations: ['CreateOauth2CredentialProvider'],
  },
} as const satisfies Record<string, Requirement>

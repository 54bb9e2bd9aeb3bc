// What is promised of the platform as an issuer of identities, and of the trail of what was done.
import type { Requirement } from './requirements.ts'

export const issuer = {
  'sts.web-identity': {
    promise:
      'A JWT from GetWebIdentityToken is verified by a stock library that knows the issuer’s address alone, also after a kill and a rotation of keys',
    source: 'API sts; IAM guide, outbound identity federation',
    operations: ['GetWebIdentityToken'],
  },
  'sts.web-identity.limits': {
    promise: 'Who may have a JWT, for whom, how long and with which tags is for policies to say; none outlives the credentials that ask for it',
    source: 'IAM guide, outbound identity federation; condition keys of STS',
    operations: ['GetWebIdentityToken', 'AssumeRole', 'GetOutboundWebIdentityFederationInfo', 'EnableOutboundWebIdentityFederation'],
  },
  'identity.offline': {
    promise: 'Three-legged OAuth works on one machine without the internet: one command sets it up, the next has a token after the user said yes',
    source: 'mission: a built-in identity provider',
    operations: ['CreateOauth2CredentialProvider', 'CreateWorkloadIdentity', 'GetResourceOauth2Token', 'CompleteResourceTokenAuth'],
  },
  'identity.canaries': {
    promise: 'No secret that was handed in or given out is in a file, a log, an error, a list, an argument list or another’s environment',
    source: 'contract; mission: secrets',
    operations: ['CreateApiKeyCredentialProvider', 'CreateOauth2CredentialProvider', 'GetResourceApiKey', 'GetResourceOauth2Token'],
  },
  'audit.shown': {
    promise: 'Who did what to which resource, with which outcome, is on record and shown to the owner, refused calls too',
    source: 'contract',
    operations: [],
  },
} as const satisfies Record<string, Requirement>

// What is promised of a user's consent, each proved in a real browser.
import type { Requirement } from './requirements.ts'

const operations = ['GetResourceOauth2Token', 'CompleteResourceTokenAuth'] as const
const source = 'DG identity-authentication, oauth2-authorization-url-session-binding; API GetResourceOauth2Token, CompleteResourceTokenAuth'

export const consent = {
  'identity.consent': {
    promise:
      'An agent’s user signs in at the provider and allows, comes back to the application with its state, and the agent has that user’s token, also the next time',
    source,
    operations,
  },
  'identity.consent.other-user': {
    promise: 'A session that another user finishes fails, and leaves no token to anybody',
    source,
    operations,
  },
  'identity.consent.denied': {
    promise: 'A user who denies comes back to the application with access_denied, and the agent’s waiting ends',
    source,
    operations,
  },
} as const satisfies Record<string, Requirement>

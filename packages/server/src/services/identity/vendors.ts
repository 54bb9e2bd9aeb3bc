// The OAuth2 vendors that AWS names, with their public endpoints as data (their own developer documentation, 2026).
import type { ClientAuthenticationMethodType, CredentialProviderVendorType } from '@agentworks/model'

export interface Endpoints {
  issuer: string
  authorizationEndpoint: string
  tokenEndpoint: string
}

interface Vendor {
  /** The member of oauth2ProviderConfigInput that goes with it. */
  config: ConfigMember
  /** Either is known beforehand, or the customer says it: each tenant has its own. */
  discoveryUrl?: string
  endpoints?: Endpoints
  /** Where the vendor's token endpoint takes another than HTTP Basic. */
  clientAuthenticationMethod?: ClientAuthenticationMethodType
  /** Without these the vendor refuses the authorization request. */
  authorizationParameters?: Readonly<Record<string, string>>
}

export type ConfigMember =
  | 'customOauth2ProviderConfig'
  | 'googleOauth2ProviderConfig'
  | 'githubOauth2ProviderConfig'
  | 'slackOauth2ProviderConfig'
  | 'salesforceOauth2ProviderConfig'
  | 'microsoftOauth2ProviderConfig'
  | 'atlassianOauth2ProviderConfig'
  | 'linkedinOauth2ProviderConfig'
  | 'includedOauth2ProviderConfig'

const included = (issuer: string, authorizationEndpoint: string, tokenEndpoint: string, more: Partial<Vendor> = {}): Vendor => ({
  config: 'includedOauth2ProviderConfig',
  endpoints: { issuer, authorizationEndpoint, tokenEndpoint },
  ...more,
})
/** Every customer has a tenant with endpoints of its own. */
const tenant: Vendor = { config: 'includedOauth2ProviderConfig' }
const byPost = { clientAuthenticationMethod: 'CLIENT_SECRET_POST' } as const

/** `{tenantId}` is filled in. */
export const microsoftDiscovery = 'https://login.microsoftonline.com/{tenantId}/v2.0/.well-known/openid-configuration'

export const vendors: Readonly<Record<CredentialProviderVendorType, Vendor>> = {
  CustomOauth2: { config: 'customOauth2ProviderConfig' },
  GoogleOauth2: {
    config: 'googleOauth2ProviderConfig',
    discoveryUrl: 'https://accounts.google.com/.well-known/openid-configuration',
  },
  GithubOauth2: {
    config: 'githubOauth2ProviderConfig',
    endpoints: {
      issuer: 'https://github.com/login/oauth',
      authorizationEndpoint: 'https://github.com/login/oauth/authorize',
      tokenEndpoint: 'https://github.com/login/oauth/access_token',
    },
    ...byPost,
  },
  SlackOauth2: {
    config: 'slackOauth2ProviderConfig',
    endpoints: {
      issuer: 'https://slack.com',
      authorizationEndpoint: 'https://slack.com/oauth/v2/authorize',
      tokenEndpoint: 'https://slack.com/api/oauth.v2.access',
    },
  },
  SalesforceOauth2: {
    config: 'salesforceOauth2ProviderConfig',
    discoveryUrl: 'https://login.salesforce.com/.well-known/openid-configuration',
  },
  MicrosoftOauth2: { config: 'microsoftOauth2ProviderConfig', discoveryUrl: microsoftDiscovery.replace('{tenantId}', 'common'), ...byPost },
  AtlassianOauth2: {
    config: 'atlassianOauth2ProviderConfig',
    endpoints: {
      issuer: 'https://auth.atlassian.com',
      authorizationEndpoint: 'https://auth.atlassian.com/authorize',
      tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
    },
    ...byPost,
    authorizationParameters: { audience: 'api.atlassian.com', prompt: 'consent' },
  },
  LinkedinOauth2: {
    config: 'linkedinOauth2ProviderConfig',
    endpoints: {
      issuer: 'https://www.linkedin.com/oauth',
      authorizationEndpoint: 'https://www.linkedin.com/oauth/v2/authorization',
      tokenEndpoint: 'https://www.linkedin.com/oauth/v2/accessToken',
    },
    ...byPost,
  },
  XOauth2: included('https://x.com', 'https://x.com/i/oauth2/authorize', 'https://api.x.com/2/oauth2/token'),
  FacebookOauth2: included(
    'https://www.facebook.com',
    'https://www.facebook.com/dialog/oauth',
    'https://graph.facebook.com/oauth/access_token',
    byPost,
  ),
  YandexOauth2: included('https://oauth.yandex.com', 'https://oauth.yandex.com/authorize', 'https://oauth.yandex.com/token'),
  RedditOauth2: included('https://www.reddit.com', 'https://www.reddit.com/api/v1/authorize', 'https://www.reddit.com/api/v1/access_token'),
  ZoomOauth2: included('https://zoom.us', 'https://zoom.us/oauth/authorize', 'https://zoom.us/oauth/token'),
  TwitchOauth2: included('https://id.twitch.tv/oauth2', 'https://id.twitch.tv/oauth2/authorize', 'https://id.twitch.tv/oauth2/token', byPost),
  SpotifyOauth2: included('https://accounts.spotify.com', 'https://accounts.spotify.com/authorize', 'https://accounts.spotify.com/api/token'),
  DropboxOauth2: included('https://www.dropbox.com', 'https://www.dropbox.com/oauth2/authorize', 'https://api.dropboxapi.com/oauth2/token'),
  NotionOauth2: included('https://api.notion.com', 'https://api.notion.com/v1/oauth/authorize', 'https://api.notion.com/v1/oauth/token', {
    authorizationParameters: { owner: 'user' },
  }),
  HubspotOauth2: included('https://app.hubspot.com', 'https://app.hubspot.com/oauth/authorize', 'https://api.hubapi.com/oauth/v1/token', byPost),
  OktaOauth2: tenant,
  OneLoginOauth2: tenant,
  PingOneOauth2: tenant,
  CyberArkOauth2: tenant,
  FusionAuthOauth2: tenant,
  Auth0Oauth2: tenant,
  CognitoOauth2: tenant,
}

// identity provider clients list | add | remove
import { listClients, putClient, removeClient } from '@agentworks/identity-provider'
import { Failure, wrongUsage } from '#core/failure.js'
import { withProviderState } from '#core/identity-provider.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'

export interface ClientOptions {
  redirectUri: string[]
  public?: boolean
}

export async function listProviderClients(invoked: Invoked): Promise<void> {
  const clients = await withProviderState(invoked, listClients)
  invoked.out.document(clients)
  if (clients.length === 0) return invoked.out.line('there is no client')
  const rows = clients.map((one) => [one.client_id, one.token_endpoint_auth_method, one.redirect_uris.join(' ') || '-'])
  for (const line of table(['CLIENT', 'AUTHENTICATION', 'REDIRECT URIS'], rows)) invoked.out.line(line)
}

export async function addProviderClient(invoked: Invoked, id: string, options: ClientOptions): Promise<void> {
  const client = await withProviderState(invoked, (state) => {
    try {
      return putClient(state, { id, redirectUris: options.redirectUri, authMethod: options.public ? 'none' : undefined })
    } catch (error) {
      throw wrongUsage(error instanceof Error ? error.message : String(error))
    }
  })
  const { client_secret, ...shown } = client
  invoked.out.document(client)
  invoked.out.line(`client ${shown.client_id}${client_secret ? `, secret ${client_secret}   (shown this once)` : ', public: it must use PKCE'}`)
  invoked.out.line(`grants: ${shown.grant_types.join(' ')}`)
}

export async function removeProviderClient(invoked: Invoked, id: string): Promise<void> {
  if (!(await withProviderState(invoked, (state) => removeClient(state, id))))
    throw new Failure(`there is no client ${id}`, { fix: 'see which there are: agentworks identity provider clients list' })
  invoked.out.document({ client_id: id, removed: true })
  invoked.out.line(`removed ${id}`)
}

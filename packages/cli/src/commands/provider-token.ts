// identity provider token: a token for a machine, from the token endpoint itself.
import { findClient, putClient } from '@agentworks/identity-provider'
import { Failure } from '#core/failure.js'
import { runningProvider, withProviderState } from '#core/identity-provider.js'
import type { Invoked } from '#core/invoked.js'

export interface MachineTokenOptions {
  client: string
  audience?: string
  scope: string[]
}

/** Made when first needed; any other client has to be there. */
export const machineClient = 'machine'

export async function machineToken(invoked: Invoked, { client: id, audience, scope }: MachineTokenOptions): Promise<void> {
  const { out } = invoked
  const { url } = await runningProvider(invoked)
  const secret = await withProviderState(invoked, (state) => {
    const client = findClient(state, id) ?? (id === machineClient ? putClient(state, { id }) : undefined)
    if (!client)
      throw new Failure(`the identity provider has no client ${id}`, { fix: 'see which there are: agentworks identity provider clients list' })
    if (!client.client_secret) throw new Failure(`client ${id} is public and has no secret to ask with`, { fix: 'name another with --client' })
    return client.client_secret
  })
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(audience === undefined ? {} : { audience }),
      ...(scope.length > 0 ? { scope: scope.join(' ') } : {}),
    }),
    signal: AbortSignal.timeout(10_000),
  })
  const answer = (await response.json()) as { access_token?: string; expires_in?: number; scope?: string; error?: string; error_description?: string }
  if (!answer.access_token) throw new Failure(`the identity provider refuses: ${answer.error}`, { why: answer.error_description })
  out.document(answer)
  out.line(answer.access_token)
  out.note(`for ${id}, audience ${audience ?? 'agentworks'}, ends in ${answer.expires_in} s`)
}

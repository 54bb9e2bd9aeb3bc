// A token that needs no user: from the vault while it is good, else by asking for it.
import type { OauthTokens } from '#ports/oauth-client.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import type { TokenRequest } from './token-request.js'
import { findToken, putToken, type TokenOwner } from './vaulted-tokens.js'

export async function grantedToken(
  ports: ResourceTokenPorts,
  { ctx, input: { forceAuthentication = false }, once }: TokenRequest,
  owner: TokenOwner,
  id: string,
  grant: () => Promise<OauthTokens>,
): Promise<string> {
  if (!forceAuthentication) {
    const found = await findToken(ports, ctx, id, owner)
    if (found?.isFresh) return found.tokens.accessToken
  }
  const scope = { account: ctx.account, region: ctx.region }
  return once(`${scope.region} ${id}`, async () => {
    const { accessToken, expiresInSeconds } = await grant()
    // How long it is good nobody said, and asking again costs no user anything. A refresh token has no use either.
    if (expiresInSeconds !== undefined)
      await ports.store.transaction((tx) => putToken(tx, ports, scope, id, owner, { accessToken, expiresInSeconds }))
    return accessToken
  })
}

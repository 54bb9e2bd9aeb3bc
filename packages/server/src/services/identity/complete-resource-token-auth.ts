// CompleteResourceTokenAuth: the application says who is signed in at it. Only when that is who asked for the token is the consent theirs.
import type { CompleteResourceTokenAuthRequest, CompleteResourceTokenAuthResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { accessDenied, invalid, notFound } from '#kernel/errors.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { moveSession, secretsOfSession, sessionIdOf, tokenSessions } from './token-sessions.js'
import { putToken } from './vaulted-tokens.js'
import { userKey, type WorkloadUser } from './workload-tokens.js'

export function completeResourceTokenAuth(ports: ResourceTokenPorts) {
  const { store, vaultSealer, clock, verifyUserToken } = ports
  return async (ctx: Context, { userIdentifier, sessionUri }: CompleteResourceTokenAuthRequest): Promise<CompleteResourceTokenAuthResponse> => {
    const scope = { account: ctx.account, region: ctx.region }
    const id = sessionIdOf(sessionUri)
    const user: WorkloadUser =
      userIdentifier.userToken === undefined ? { userId: userIdentifier.userId } : await verifyUserToken(userIdentifier.userToken)
    const session = await store.get(tokenSessions, scope, id)
    if (!session) throw notFound('Authorization session', sessionUri)
    const found = { id, scope, session }
    const { owner } = session
    if (owner.user !== userKey(user)) {
      // Somebody consented to what another had asked for. Their token must not stay where that other could come by it.
      await store.transaction((tx) => moveSession(tx, found, 'FAILED', 'another user came back'))
      throw accessDenied('The user is not the one who asked for this token. The session has ended; the user has to begin one of their own.')
    }
    // Said twice is said once: the application may not have heard the first answer.
    if (session.state === 'BOUND') return {}
    if (session.state === 'FAILED')
      throw invalid('sessionUri', `the session has failed: ${session.failure ?? 'it is over'}. Begin a new one with GetResourceOauth2Token`)
    if (session.expiresAt <= clock.now())
      throw invalid('sessionUri', 'the session has expired after ten minutes; begin a new one with GetResourceOauth2Token')
    if (session.state !== 'CONSENTED') throw invalid('sessionUri', 'the user has not come back from the authorization server yet')
    const { tokens } = await secretsOfSession(store, vaultSealer, found)
    await store.transaction(async (tx) => {
      if (tokens && (await moveSession(tx, found, 'BOUND'))) await putToken(tx, ports, scope, session.tokenId, owner, tokens)
    })
    return {}
  }
}

// CompleteResourceTokenAuth: the application says who is signed in at it. Only when that is who asked for the token is the consent theirs.
import type { CompleteResourceTokenAuthRequest, CompleteResourceTokenAuthResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { accessDenied, invalid, notFound, type ServiceError } from '#kernel/errors.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { moveSession, secretsLost, secretsOfSession, sessionIdOf, type TokenSessionDocument, tokenSessions } from './token-sessions.js'
import { putToken } from './vaulted-tokens.js'
import { userKey, type WorkloadUser } from './workload-tokens.js'

export function completeResourceTokenAuth(ports: ResourceTokenPorts) {
  const { store, vaultSealer, clock, verifyUserToken } = ports
  return async (ctx: Context, { userIdentifier, sessionUri }: CompleteResourceTokenAuthRequest): Promise<CompleteResourceTokenAuthResponse> => {
    const scope = { account: ctx.account, region: ctx.region }
    const id = sessionIdOf(sessionUri)
    const user: WorkloadUser =
      userIdentifier.userToken === undefined ? { userId: userIdentifier.userId } : await verifyUserToken(userIdentifier.userToken)
    // One transaction for all of it: of two answers at the same time one binds, and the other finds it bound.
    const refusal = await store.transaction(async (tx) => {
      const session = await tx.get(tokenSessions, scope, id)
      if (!session) return notFound('Authorization session', sessionUri)
      const found = { id, scope, session }
      if (session.owner.user !== userKey(user)) {
        // Somebody consented to what another had asked for. Their token must not stay where that other could come by it.
        await moveSession(tx, found, 'FAILED', 'another user came back')
        return accessDenied('The user is not the one who asked for this token. The session has ended; the user has to begin one of their own.')
      }
      // Said twice is said once: the application may not have heard the first answer.
      if (session.state === 'BOUND') return undefined
      const refused = refusalOf(session, clock.now())
      if (refused) return refused
      const { tokens } = (await secretsOfSession(tx, vaultSealer, found)) ?? {}
      if (!tokens) {
        await moveSession(tx, found, 'FAILED', secretsLost)
        return invalid('sessionUri', `the session has failed: ${secretsLost}; begin a new one with GetResourceOauth2Token`)
      }
      await moveSession(tx, found, 'BOUND')
      await putToken(tx, ports, scope, session.tokenId, session.owner, tokens)
      return undefined
    })
    // What was written stays written, so the refusal is not thrown inside.
    if (refusal) throw refusal
    return {}
  }
}

function refusalOf({ state, failure = 'it is over', expiresAt }: TokenSessionDocument, now: number): ServiceError | undefined {
  const again = 'begin a new one with GetResourceOauth2Token'
  if (state === 'FAILED') return invalid('sessionUri', `the session has failed: ${failure}; ${again}`)
  if (expiresAt <= now) return invalid('sessionUri', `the session has expired after ten minutes; ${again}`)
  if (state !== 'CONSENTED') return invalid('sessionUri', 'the user has not come back from the authorization server yet')
  return undefined
}

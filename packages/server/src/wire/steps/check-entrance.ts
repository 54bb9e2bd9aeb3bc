import { ServiceError } from '#kernel/errors.js'
import { callerOf } from '#wire/exchange.js'
import type { Step } from '#wire/pipeline.js'

/**
 * What comes through a session's own listener must be signed by that session: a key found elsewhere is of no use inside. A bearer
 * token is its user's, whom an agent may call other agents for; the called one's authorizer has accepted it.
 */
export const checkEntrance: Step = (exchange) => {
  const { entrance } = exchange.request
  if (entrance.kind === 'port') return
  const caller = callerOf(exchange)
  if (caller.kind === 'jwt') return
  if (caller.session?.instanceId === entrance.instanceId) return
  throw new ServiceError(
    'AccessDeniedException',
    'Inside a session only that session’s own credentials are accepted. Use the ones at AWS_CONTAINER_CREDENTIALS_FULL_URI.',
  )
}

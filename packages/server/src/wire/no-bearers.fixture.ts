// Where nothing takes bearer tokens.
import { ServiceError } from '#kernel/errors.js'
import type { Bearers } from '#ports/bearers.js'

export const noBearers: Bearers = {
  async authenticate({ token }) {
    if (token === undefined) throw new ServiceError('MissingAuthenticationTokenException', 'The request is not signed.')
    throw new ServiceError('AccessDeniedException', 'Nothing here takes bearer tokens.')
  },
}

// The life of a user's authorization session.
import type { Moves } from '#kernel/moves.js'

export const tokenSessionMoves = {
  /** The user is at the authorization server. */
  PENDING: ['EXCHANGING', 'FAILED'],
  /** The code came back; it is good for one exchange. */
  EXCHANGING: ['CONSENTED', 'FAILED'],
  /** There is a token, which nobody gets until the application says that the right user consented. */
  CONSENTED: ['BOUND', 'FAILED'],
  BOUND: [],
  FAILED: [],
} as const satisfies Moves

export type TokenSessionState = keyof typeof tokenSessionMoves

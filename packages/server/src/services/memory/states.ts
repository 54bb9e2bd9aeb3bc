// Allowed moves. There is nothing to build for a memory, so it is ACTIVE when it is acknowledged; only its end takes time.
import type { Moves } from '#kernel/moves.js'

export const memoryMoves = {
  ACTIVE: ['DELETING'],
  DELETING: ['DELETING'],
} as const satisfies Moves

export type MemoryStatus = keyof typeof memoryMoves

/** One that is deleted is gone with the same commit. */
export type StrategyStatus = 'ACTIVE'

// Allowed moves. Names are AWS's where AWS has them; session states are the contract's.
import type { Moves } from '#kernel/moves.js'

export const versionMoves = {
  CREATING: ['READY', 'CREATE_FAILED'],
  UPDATING: ['READY', 'UPDATE_FAILED'],
  READY: [],
  CREATE_FAILED: [],
  UPDATE_FAILED: [],
} as const satisfies Moves

export type VersionStatus = keyof typeof versionMoves

/** Named endpoints are made and moved in one transaction; only DEFAULT waits for its first version. */
export const endpointMoves = {
  CREATING: ['READY', 'CREATE_FAILED'],
  CREATE_FAILED: ['READY', 'CREATE_FAILED'],
  READY: ['READY'],
} as const satisfies Moves

export type EndpointStatus = keyof typeof endpointMoves

/** ACTIVE: answering, or busy by its own word. IDLE: provisioned and waiting. */
export const sessionMoves = {
  STARTING: ['IDLE', 'STOPPING', 'STOPPED'],
  IDLE: ['ACTIVE', 'STOPPING', 'STOPPED'],
  ACTIVE: ['IDLE', 'STOPPING', 'STOPPED'],
  STOPPING: ['STOPPED'],
  STOPPED: [],
} as const satisfies Moves

export type SessionState = keyof typeof sessionMoves

/** Of an instance that is started ahead. It is assigned once, and is a session's own then: nothing leads back. */
export const warmMoves = {
  STARTING: ['WAITING', 'ENDING', 'ENDED'],
  WAITING: ['ASSIGNED', 'ENDING', 'ENDED'],
  ENDING: ['ENDED'],
  ASSIGNED: [],
  ENDED: [],
} as const satisfies Moves

export type WarmState = keyof typeof warmMoves

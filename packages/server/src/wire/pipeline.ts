// The steps of every request, in order. No logic here: each step is a file of its own.

import type { Clock } from '#kernel/clock.js'
import type { Bearers } from '#ports/bearers.js'
import type { Authorizer } from '#ports/callers.js'
import type { Audit, Log, Trace } from '#ports/telemetry.js'
import type { BodyBudget } from './body-budget.js'
import type { Exchange } from './exchange.js'
import type { Protocols } from './protocols.js'
import type { SignatureVerifier } from './sigv4.js'
import type { Spool } from './spool.js'
import { authorize } from './steps/authorize.js'
import { checkEntrance } from './steps/check-entrance.js'
import { checkHost } from './steps/check-host.js'
import { chooseProtocol } from './steps/choose-protocol.js'
import { dispatch } from './steps/dispatch.js'
import { matchOperation } from './steps/match-operation.js'
import { readClaim } from './steps/read-claim.js'
import { readInput } from './steps/read-input.js'
import { startTrace } from './steps/start-trace.js'
import { verifyCaller } from './steps/verify-caller.js'
import { writeAnswer } from './steps/write-answer.js'

export interface PipelinePorts {
  protocols: Protocols
  signatures: SignatureVerifier
  bearers: Bearers
  authorizer: Authorizer
  spool: Spool
  /** Bodies in memory, as `spool` has those on disk. */
  budget: BodyBudget
  trace: Trace
  audit: Audit
  log: Log
  clock: Clock
  /** `Host` values that are answered, without the port. */
  allowedHosts: (host: string) => boolean
}

/** A step fills in its part of the exchange, or throws a ServiceError. */
export type Step = (exchange: Exchange, ports: PipelinePorts) => void | Promise<void>

export const pipeline = [
  startTrace,
  checkHost, // a page in a browser must not reach us by a rebound name
  readClaim, // key id, date, scope: which service, which Region; nothing believed yet
  chooseProtocol,
  matchOperation, // public facts: which operations exist
  verifyCaller, // signature or bearer token; streams or spools the body
  checkEntrance, // a session's own listener knows one caller only
  readInput, // parsed and held against the AWS model; streams stay streams
  authorize,
  dispatch,
  writeAnswer,
] as const satisfies readonly Step[]

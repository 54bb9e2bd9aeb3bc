// A process beside the agent of a session, and what its failures are called.
import { constants } from 'node:os'
import { PortError, ServiceError } from '#kernel/errors.js'
import type { Execution, ExecutionSpec } from '#ports/sandbox.js'
import type { Session } from './sessions.js'

export async function executeIn(session: Session, spec: ExecutionSpec): Promise<Execution> {
  if (!session.execute) throw new ServiceError('RetryableConflictException', `Session ${session.runtimeSessionId} is not up. Retry in a moment.`)
  try {
    return await session.execute(spec)
  } catch (fault) {
    if (!(fault instanceof PortError)) throw fault
    const why = fault.code === 'exited' ? `the session ended: ${fault.message}` : fault.message
    throw new ServiceError('RuntimeClientError', `Nothing can be run in session ${session.runtimeSessionId}: ${why}.`, { cause: fault })
  }
}

/** As a shell tells it. */
export function exitCodeOf(signal: string | null): number {
  return 128 + ((constants.signals as Readonly<Record<string, number>>)[signal ?? 'SIGKILL'] ?? constants.signals.SIGKILL)
}

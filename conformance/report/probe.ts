// Asks a running platform for every operation, and reads from the answer whether there is code behind it.
import type { RunningPlatform } from '../platform.fixture.ts'
import { type Answer, sendSigned } from '../signed-request.fixture.ts'
import { type Asked, askedOperations } from './asked.ts'

export type Verdict = 'executes' | 'refuses'

export interface Probed extends Asked {
  verdict: Verdict
}

export async function probeAll(platform: RunningPlatform): Promise<Probed[]> {
  const found: Probed[] = []
  for (const asked of askedOperations()) found.push({ ...asked, verdict: verdictOn(asked, await sendSigned(platform, asked.request)) })
  return found
}

/** A refusal has to name what it refuses; an error of any other kind comes from the operation itself. */
function verdictOn({ name, request }: Asked, { status, type, message }: Answer): Verdict {
  if (status === 501) {
    const isNamed = message.includes(name) || request.service === 's3'
    if (isNamed && /^(UnsupportedOperationException|NotImplemented)$/.test(type)) return 'refuses'
  }
  if (status >= 500 || type === 'UnknownOperationException' || (status === 403 && type !== ''))
    throw new Error(`${request.service} ${name} was answered with ${status} ${type}: ${message}`)
  return 'executes'
}

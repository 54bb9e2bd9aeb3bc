// AWS's rule for runtime session ids, kept before anything is sent.
import { wrongUsage } from './failure.js'

export function refuseSessionId(id: string | undefined): void {
  if (id === undefined || (id.length >= 33 && id.length <= 256)) return
  const near = id.length > 256 ? id.slice(0, 256) : `${id}-`.padEnd(33, '0')
  throw wrongUsage(`--session: a runtimeSessionId must have between 33 and 256 characters, has ${id.length}`, `--session ${near}`)
}

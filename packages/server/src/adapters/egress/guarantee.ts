// What every level promises of the way out.
import type { Guarantee } from '#ports/sandbox.js'
import type { Missing } from './tools.js'

export function internet(missing: Missing | undefined): Guarantee {
  const name = 'internet for networkMode PUBLIC'
  if (!missing) return { name, holds: true, detail: 'filtered; the host, its neighbours and other sessions are out of reach' }
  return { name, holds: false, detail: `no session has any: ${missing.reason}`, fix: missing.fix }
}

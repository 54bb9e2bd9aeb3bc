// Everything that is wrong with one request, found in one pass and answered together.
import { type FieldFault, invalidFields } from '#kernel/errors.js'

const mostFaults = 20
const longestPath = 256
/** Deeper input than this is an attack on the stack, not a request. */
export const deepest = 100

export interface Faults {
  /** Where the reader is; kept as a stack so that nothing is built while all is well. */
  readonly path: (string | number)[]
  readonly list: FieldFault[]
  /** The body once more, with numbers that JavaScript cannot hold as they are written; `undefined` when it has none. */
  exact?: () => unknown
}

export function noFaults(): Faults {
  return { path: [], list: [] }
}

/** Records that the value at the current place broke a rule. Never quotes the value: it may be a secret. */
export function fault(faults: Faults, rule: string): undefined {
  if (faults.list.length < mostFaults) faults.list.push({ name: pathName(faults.path), message: rule })
  return undefined
}

export function faultAt(faults: Faults, member: string | number, rule: string): undefined {
  faults.path.push(member)
  fault(faults, rule)
  faults.path.pop()
  return undefined
}

export function refuse(faults: Faults): void {
  if (faults.list.length > 0) throw invalidFields(faults.list)
}

function pathName(path: readonly (string | number)[]): string {
  let name = ''
  for (const step of path) name += typeof step === 'number' ? `[${step}]` : name === '' ? step : `.${step}`
  return name.length > longestPath ? `${name.slice(0, longestPath)}…` : name || 'body'
}

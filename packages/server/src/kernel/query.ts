// The inputs and answers of AWS's Query services. An input is flat: its names say where each value belongs, as in Tags.member.1.Key.
import { invalid } from './errors.js'

export type QueryParameters = ReadonlyMap<string, string>

/** By the names of the model's members; a list becomes `member` elements. */
export interface QueryTree {
  readonly [name: string]: QueryValue
}
export type QueryValue = string | number | boolean | undefined | QueryTree | readonly QueryValue[]

export function required(parameters: QueryParameters, name: string): string {
  const value = parameters.get(name)
  if (value === undefined || value === '') throw invalid(name, 'must not be empty')
  return value
}

export function wholeNumber(parameters: QueryParameters, name: string, [least, most]: readonly [number, number]): number | undefined {
  const text = parameters.get(name)
  if (text === undefined) return undefined
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw invalid(name, `"${text.slice(0, 20)}" must be a whole number from ${least} to ${most}`)
  return value
}

/** The members of a list, each with its own names: `Tags.member.1.Key` is `Key` of the first. A plain value has the empty name. */
export function listOf(parameters: QueryParameters, name: string): Readonly<Record<string, string>>[] {
  const items = new Map<number, Record<string, string>>()
  for (const [key, value] of parameters) {
    if (!key.startsWith(`${name}.`)) continue
    const [, position = '', member = ''] = /^(?:member\.)?([0-9]{1,4})(?:\.(\w+))?$/.exec(key.slice(name.length + 1)) ?? []
    if (position === '') throw invalid(key.slice(0, 128), `must have the form ${name}.member.1`)
    const item = items.get(Number(position)) ?? {}
    item[member] = value
    items.set(Number(position), item)
  }
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item)
}

/** Members outside the model are dropped, as AWS does; one that the model has and that does nothing here is refused by name. */
export function refuseUnsupported(parameters: QueryParameters, unsupported: Readonly<Record<string, string>>): void {
  for (const [name, why] of Object.entries(unsupported)) {
    // boto3 sends a list without members as a parameter without a value.
    for (const [key, value] of parameters)
      if ((key === name && value !== '') || key.startsWith(`${name}.`))
        throw invalid(name, `is not executed by this version of agentworks: ${why} See docs/conformance.md.`)
  }
}

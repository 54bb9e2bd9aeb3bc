// What each condition operator compares. AWS: IAM user guide, reference_policies_elements_condition_operators.
import { BlockList, isIP } from 'node:net'
import { compileArnPattern } from './arn-pattern.js'
import { type ConditionValues, compilePattern } from './patterns.js'

export interface Operator {
  /** The opposite of another: true where the key is missing, and where no value matches. */
  negated: boolean
  /** Made once for each value of the policy. */
  compile(value: string, variables: boolean): (given: string, values: ConditionValues) => boolean
}

/** A comparison of texts whose policy side may hold variables, but no wildcards. */
const text =
  (change: (value: string) => string): Operator['compile'] =>
  (value, variables) => {
    const { matches } = compilePattern(change(value), { variables, wildcards: false })
    return (given, values) => matches(change(given), (key) => values(key)?.map(change))
  }

const like: Operator['compile'] = (value, variables) => compilePattern(value, { variables }).matches
const arn: Operator['compile'] = (value, variables) => compileArnPattern(value, variables).matches

const ordered =
  (read: (value: string) => number, holds: (given: number, wanted: number) => boolean): Operator['compile'] =>
  (value) => {
    const wanted = read(value)
    // NaN holds in no comparison, and a policy's author sees that nothing matches.
    return (given) => holds(read(given), wanted)
  }

const numberOf = (value: string) => (/^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(value.trim()) ? Number(value) : Number.NaN)
const timeOf = (value: string) => (/^[0-9]+$/.test(value) ? Number(value) * 1000 : Date.parse(value))

const address: Operator['compile'] = (value) => {
  const range = new BlockList()
  const [network = '', length] = value.split('/')
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  const most = family === 'ipv6' ? 128 : 32
  const prefix = length === undefined ? most : /^[0-9]{1,3}$/.test(length) ? Number(length) : -1
  if (isIP(network) === 0 || prefix < 0 || prefix > most) return () => false
  range.addSubnet(network, prefix, family)
  return (given) => isIP(given) > 0 && range.check(given, isIP(given) === 6 ? 'ipv6' : 'ipv4')
}

const bothWays = (name: string, not: string, compile: Operator['compile']): [string, Operator][] => [
  [name, { negated: false, compile }],
  [not, { negated: true, compile }],
]

const same = (value: string) => value
const folded = (value: string) => value.toLowerCase()

const comparisons = (kind: 'Numeric' | 'Date', read: (value: string) => number): [string, Operator][] => [
  ...bothWays(
    `${kind}Equals`,
    `${kind}NotEquals`,
    ordered(read, (given, wanted) => given === wanted),
  ),
  [`${kind}LessThan`, { negated: false, compile: ordered(read, (given, wanted) => given < wanted) }],
  [`${kind}LessThanEquals`, { negated: false, compile: ordered(read, (given, wanted) => given <= wanted) }],
  [`${kind}GreaterThan`, { negated: false, compile: ordered(read, (given, wanted) => given > wanted) }],
  [`${kind}GreaterThanEquals`, { negated: false, compile: ordered(read, (given, wanted) => given >= wanted) }],
]

/** All but Null, which asks whether a key is there at all. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...bothWays('StringEquals', 'StringNotEquals', text(same)),
  ...bothWays('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', text(folded)),
  ...bothWays('StringLike', 'StringNotLike', like),
  ...comparisons('Numeric', numberOf),
  ...comparisons('Date', timeOf),
  ['Bool', { negated: false, compile: text(folded) }],
  ['BinaryEquals', { negated: false, compile: text(same) }],
  ...bothWays('IpAddress', 'NotIpAddress', address),
  // AWS: ArnEquals and ArnLike behave identically.
  ...bothWays('ArnEquals', 'ArnNotEquals', arn),
  ...bothWays('ArnLike', 'ArnNotLike', arn),
])

export const knownOperators: readonly string[] = [...operators.keys(), 'Null']

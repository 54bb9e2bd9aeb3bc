// Whether the conditions of a statement hold for a request: all of them must.
import { operators } from './condition-operators.js'
import type { PolicyCondition } from './document.js'
import type { ConditionValues } from './patterns.js'

export type ConditionTest = (values: ConditionValues) => boolean

export function compileConditions(conditions: readonly PolicyCondition[], variables: boolean): ConditionTest {
  const tests = conditions.map((condition) => compileCondition(condition, variables))
  return (values) => tests.every((test) => test(values))
}

function compileCondition({ operator: name, set, ifExists, key, values: wanted }: PolicyCondition, variables: boolean): ConditionTest {
  if (name === 'Null') return (values) => wanted.some((value) => (value.toLowerCase() === 'true') === (values(key) === undefined))
  const operator = operators.get(name)
  if (!operator) throw new Error(`no code compares ${name}`)
  const { negated } = operator
  const matchers = wanted.map((value) => operator.compile(value, variables))
  return (values) => {
    const given = values(key)
    if (given === undefined) return set === 'ForAnyValue' ? ifExists : ifExists || negated || set === 'ForAllValues'
    const holds = (one: string) => matchers.some((matches) => matches(one, values)) !== negated
    if (set === 'ForAllValues') return given.every(holds)
    // Without a set operator a negation means that none of the values matches.
    return set === undefined && negated ? given.every(holds) : given.some(holds)
  }
}

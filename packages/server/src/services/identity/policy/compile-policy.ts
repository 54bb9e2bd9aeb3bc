// A policy ready to be asked: patterns and conditions compiled once, since every request asks them.
import { compileArnPattern } from './arn-pattern.js'
import { compileConditions } from './conditions.js'
import type { Listed, PolicyDocument, PolicyStatement } from './document.js'
import { type ConditionValues, compilePattern, type Matcher } from './patterns.js'
import { type Closeness, closenessOf, type Principal } from './principals.js'

export interface PolicyRequest {
  principal: Principal
  /** `service:Name`. */
  action: string
  resource: string
  values: ConditionValues
}

export interface Finding {
  effect: 'Allow' | 'Deny'
  /** How closely the statement names the caller; of an identity's own policy always `itself`. */
  closeness: Closeness
  sid: string | undefined
}

export interface CompiledPolicy {
  /** The statements that speak of the request, in order. */
  ask(request: PolicyRequest): Finding[]
  /** Whether a statement on this action looks at more than action, resource and principal: then each request is asked anew. */
  looksAtRequest(action: string): boolean
}

export function compilePolicy({ hasVariables, statements }: PolicyDocument): CompiledPolicy {
  const compiled = statements.map((statement) => compileStatement(statement, hasVariables))
  return {
    ask: (request) => compiled.map((ask) => ask.ask(request)).filter((found) => found !== undefined),
    looksAtRequest: (action) => compiled.some(({ isFixed, speaksOf }) => !isFixed && speaksOf(action)),
  }
}

function compileStatement({ sid, effect, principals, actions, resources, conditions }: PolicyStatement, variables: boolean) {
  const speaksOf = compileActions(actions)
  const concerns = resources ? compileResources(resources, { variables, isDeny: effect === 'Deny' }) : { matches: () => true, isFixed: true }
  const holds = compileConditions(conditions, variables)
  return {
    isFixed: concerns.isFixed && conditions.length === 0,
    speaksOf,
    ask({ principal, action, resource, values }: PolicyRequest): Finding | undefined {
      if (!speaksOf(action) || !concerns.matches(resource, values)) return undefined
      const closeness = closenessOf(principals, principal)
      return closeness !== undefined && holds(values) ? { effect, closeness, sid } : undefined
    },
  }
}

/** IAM does not tell capitals from small letters in actions. */
function compileActions({ not, patterns }: Listed): (action: string) => boolean {
  const matchers = patterns.map((pattern) => compilePattern(pattern.toLowerCase(), { variables: false }).matches)
  const nothing: ConditionValues = () => undefined
  return (action) => {
    const name = action.toLowerCase()
    return matchers.some((matches) => matches(name, nothing)) !== not
  }
}

function compileResources(
  { not, patterns }: Listed,
  { variables, isDeny }: { variables: boolean; isDeny: boolean },
): { matches: Matcher; isFixed: boolean } {
  const compiled = patterns.map((pattern) => compileArnPattern(pattern, variables))
  return {
    isFixed: compiled.every(({ isFixed }) => isFixed),
    matches(resource, values) {
      // An exception for nobody knows whom must not let everybody in; a deny stands.
      if (not && !isDeny && compiled.some(({ isUnknown }) => isUnknown(values))) return false
      return compiled.some(({ matches }) => matches(resource, values)) !== not
    },
  }
}

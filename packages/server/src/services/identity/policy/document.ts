// A policy as it was written, checked against IAM's grammar, and nothing lost. AWS: IAM user guide, reference_policies_grammar.

export interface PolicyDocument {
  /** Policies of 2008 know no variables. */
  hasVariables: boolean
  statements: readonly PolicyStatement[]
}

/** A list, and whether it says what the statement is about or what it is not about. */
export interface Listed {
  not: boolean
  patterns: readonly string[]
}

export interface PolicyStatement {
  sid: string | undefined
  effect: 'Allow' | 'Deny'
  /** Of policies on resources and of trust policies. */
  principals: { not: boolean; listed: readonly PrincipalPattern[] } | undefined
  actions: Listed
  /** Absent in trust policies: they stand on the role itself. */
  resources: Listed | undefined
  conditions: readonly PolicyCondition[]
}

export interface PrincipalPattern {
  kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser' | '*'
  value: string
}

export interface PolicyCondition {
  /** Without its set and IfExists, as `StringEquals`. */
  operator: string
  set: 'ForAnyValue' | 'ForAllValues' | undefined
  ifExists: boolean
  key: string
  values: readonly string[]
}

/** What is wrong with a policy, in words for its author. Callers put it into their service's error. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault'
}

// Free variables of namespaces: declared by the memory, filled by each event, checked by the rules of the memory.
import { runInNewContext } from 'node:vm'
import type { NamespaceKeyEntry } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import type { MemoryDocument, StrategyDocument } from './documents.js'
import { patternMs } from './limits.js'
import { builtInVariables, variablesOf } from './namespaces.js'
import { reflectionTemplateOf } from './reflection.js'

export function checkNamespaceKeys(keys: readonly NamespaceKeyEntry[]): void {
  keys.forEach(({ key, validation }, at) => {
    const field = `namespaceKeys[${at}]`
    if (keys.findIndex((other) => other.key === key) < at) throw invalid(`${field}.key`, `"${key}" is declared twice`)
    if (validation?.regexPattern !== undefined && !isPattern(validation.regexPattern))
      throw invalid(`${field}.validation.regexPattern`, 'is no regular expression')
  })
}

/** A strategy whose template has a variable that nothing declares would never get a record. */
export function checkVariablesDeclared(strategies: readonly StrategyDocument[], keys: readonly NamespaceKeyEntry[]): void {
  for (const { name, namespaceTemplate, configuration } of strategies) {
    const used = [namespaceTemplate, reflectionTemplateOf(configuration?.reflection) ?? ''].flatMap(variablesOf)
    const missing = used.find((variable) => !builtInVariables.includes(variable) && !keys.some(({ key }) => key === variable))
    if (missing !== undefined) throw invalid('namespaceKeys', `must keep "${missing}", which the namespace of strategy ${name} is made with`)
  }
}

/** The variables that an event brings, against the memory's rules. Those that it does not bring are for the extraction to miss. */
export function checkedVariables(
  { namespaceKeys }: Pick<MemoryDocument, 'namespaceKeys'>,
  variables: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(variables)) {
    const field = `extractionConfig.namespaceVariables.${name}`
    const declared = namespaceKeys.find(({ key }) => key === name)
    if (!declared) throw invalid(field, "is not one of the memory's namespaceKeys; declare it with UpdateMemory, or leave it out")
    const { allowedValues, regexPattern } = declared.validation ?? {}
    if (allowedValues && !allowedValues.includes(value)) throw invalid(field, `must be one of: ${allowedValues.join(', ')}`)
    if (regexPattern !== undefined && !matches(regexPattern, value)) throw invalid(field, `does not match the memory's rule ${regexPattern}`)
  }
  return variables
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

/** In a context of its own, which can be given a time: a customer's pattern may be one that never ends. */
function matches(pattern: string, value: string): boolean {
  try {
    return runInNewContext(`new RegExp(pattern, 'u').test(value)`, { pattern: `^(?:${pattern})$`, value }, { timeout: patternMs }) === true
  } catch {
    return false
  }
}

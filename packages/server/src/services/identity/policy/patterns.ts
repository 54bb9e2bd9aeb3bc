// Patterns of policies: * for any run of characters, ? for one, ${key} for what the request says. Matched without going back
// more than once for each *, so that no pattern of an author's is slow on a caller's text.

/** The values of a condition key in this request; `undefined`: it has none. */
export type ConditionValues = (key: string) => readonly string[] | undefined

export type Matcher = (text: string, values: ConditionValues) => boolean

type Unit = string | typeof anyRun | typeof anyOne | { key: string; fallback: string | undefined }
const anyRun = Symbol('*')
const anyOne = Symbol('?')

const literally: readonly string[] = ['*', '?', '$']

export interface Pattern {
  matches: Matcher
  /** What it matches is the same for every request. */
  isFixed: boolean
  /** The request has no value for one of its variables. */
  isUnknown(values: ConditionValues): boolean
}

export function compilePattern(pattern: string, { variables, wildcards = true }: { variables: boolean; wildcards?: boolean }): Pattern {
  const units = unitsOf(pattern, variables, wildcards)
  if (units.some((unit) => typeof unit === 'object')) {
    return {
      isFixed: false,
      isUnknown: (values) => resolve(units, values) === undefined,
      matches(text, values) {
        const resolved = resolve(units, values)
        return resolved !== undefined && glob(resolved, text)
      },
    }
  }
  const fixed = units as readonly Exclude<Unit, object>[]
  if (fixed.every((unit) => typeof unit === 'string')) {
    const literal = fixed.join('')
    return { isFixed: true, isUnknown: never, matches: (text) => text === literal }
  }
  return { isFixed: true, isUnknown: never, matches: (text) => glob(fixed, text) }
}

const never = () => false

function unitsOf(pattern: string, variables: boolean, wildcards: boolean): Unit[] {
  const units: Unit[] = []
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern.charAt(at)
    const end = variables && letter === '$' && pattern[at + 1] === '{' ? pattern.indexOf('}', at) : -1
    if (end > 0) {
      const inside = pattern.slice(at + 2, end)
      if (literally.includes(inside)) units.push(inside)
      else {
        const [, key = '', fallback] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/s.exec(inside) ?? []
        units.push({ key, fallback })
      }
      at = end
    } else if (wildcards && letter === '*') units.push(anyRun)
    else if (wildcards && letter === '?') units.push(anyOne)
    else units.push(letter)
  }
  return units
}

/** A variable's value stands for itself: a star in it is a star. One without a single value matches nothing. */
function resolve(units: readonly Unit[], values: ConditionValues): Exclude<Unit, object>[] | undefined {
  const resolved: Exclude<Unit, object>[] = []
  for (const unit of units) {
    if (typeof unit !== 'object') {
      resolved.push(unit)
      continue
    }
    const found = values(unit.key)
    const value = found?.length === 1 ? found[0] : unit.fallback
    if (value === undefined) return undefined
    resolved.push(...value)
  }
  return resolved
}

function glob(units: readonly Exclude<Unit, object>[], text: string): boolean {
  let [unit, at, lastRun, tried] = [0, 0, -1, 0]
  while (at < text.length) {
    const wanted = units[unit]
    if (wanted === anyRun) {
      lastRun = unit++
      tried = at
    } else if (wanted === anyOne || (wanted !== undefined && wanted === text[at])) {
      unit++
      at++
    } else if (lastRun >= 0) {
      unit = lastRun + 1
      at = ++tried
    } else return false
  }
  while (units[unit] === anyRun) unit++
  return unit === units.length
}

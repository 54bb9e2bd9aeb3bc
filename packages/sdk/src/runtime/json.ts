// Turns whatever a handler returns into JSON. A value that JSON cannot hold is converted as far as it goes, never a lost answer.

/** `undefined` becomes `null`, a string is quoted; maps become objects, sets lists, bigints numbers or text, errors name and message. */
export function toJson(value: unknown): string {
  if (value === undefined) return 'null'
  if (typeof value === 'string' || isPlain(value, 0)) return JSON.stringify(value)
  try {
    const text = JSON.stringify(value, convert)
    if (text !== undefined) return text
  } catch {
    // a cycle, or a toJSON that throws: the next attempts cut it out
  }
  try {
    return JSON.stringify(withoutCycles(value, new Set()))
  } catch {
    return described(value)
  }
}

function described(value: unknown): string {
  try {
    return JSON.stringify(String(value))
  } catch {
    return JSON.stringify({ error: 'Serialization failed', original_type: typeName(value) })
  }
}

/** What JSON writes as it is. Looking costs a tenth of what a conversion of each member would. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return true
    case 'object':
      break
    default:
      return false
  }
  if (value === null) return true
  // A cycle ends here too.
  if (depth > 32) return false
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false
    return true
  }
  const kind = Object.getPrototypeOf(value)
  if ((kind !== Object.prototype && kind !== null) || 'toJSON' in value) return false
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key], depth + 1)) return false
  return true
}

function convert(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (value instanceof Error) return { name: value.name, message: value.message }
  return value
}

function withoutCycles(value: unknown, above: Set<object>): unknown {
  const plain = convert('', value)
  if (typeof plain === 'function' || typeof plain === 'symbol') return String(plain)
  if (typeof plain !== 'object' || plain === null) return plain
  if (above.has(plain)) return '[circular]'
  const path = new Set(above).add(plain)
  if (Array.isArray(plain)) return plain.map((item) => withoutCycles(item, path))
  if (plain instanceof Date) return plain.toJSON()
  return Object.fromEntries(Object.entries(plain).map(([key, member]) => [key, withoutCycles(member, path)]))
}

function typeName(value: unknown): string {
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'Object') : typeof value
}

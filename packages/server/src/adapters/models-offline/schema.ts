// The part of JSON Schema that tells a small model what to fill in.

export interface Schema {
  type?: string | undefined
  description: string
  enum?: readonly unknown[] | undefined
  const?: unknown
  default?: unknown
  properties: Readonly<Record<string, Schema>>
  required: readonly string[]
  items?: Schema | undefined
  pattern?: RegExp | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  minimum?: number | undefined
  maximum?: number | undefined
}

const maxDepth = 6

/** Reads any JSON value as a schema; what makes no sense is left out. Local `$ref`s are followed. */
export function readSchema(value: unknown, root: unknown = value, depth = 0): Schema {
  const raw = depth > maxDepth ? {} : resolved(value, root)
  const inner = (part: unknown) => readSchema(part, root, depth + 1)
  const properties = Object.fromEntries(Object.entries(record(raw.properties)).map(([name, part]) => [name, inner(part)]))
  return {
    type: typeOf(raw, properties),
    description: typeof raw.description === 'string' ? raw.description : '',
    enum: Array.isArray(raw.enum) ? raw.enum : undefined,
    const: raw.const,
    default: raw.default,
    properties,
    required: Array.isArray(raw.required) ? raw.required.filter((name) => typeof name === 'string') : [],
    items: raw.items === undefined ? undefined : inner(raw.items),
    pattern: typeof raw.pattern === 'string' ? compiled(raw.pattern) : undefined,
    minLength: typeof raw.minLength === 'number' ? raw.minLength : undefined,
    maxLength: typeof raw.maxLength === 'number' ? raw.maxLength : undefined,
    minimum: typeof raw.minimum === 'number' ? raw.minimum : undefined,
    maximum: typeof raw.maximum === 'number' ? raw.maximum : undefined,
  }
}

/** Whether `value` may stand where `schema` is asked for. */
export function fits(value: unknown, schema: Schema): boolean {
  if (schema.enum && !schema.enum.includes(value)) return false
  if (typeof value === 'number') {
    if (schema.type === 'integer' && !Number.isInteger(value)) return false
    if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) return false
    return schema.type === undefined || schema.type === 'number' || schema.type === 'integer'
  }
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? Infinity)) return false
    return (schema.type === undefined || schema.type === 'string') && (schema.pattern?.test(value) ?? true)
  }
  if (Array.isArray(value))
    return (schema.type === undefined || schema.type === 'array') && value.every((item) => !schema.items || fits(item, schema.items))
  if (typeof value === 'boolean') return schema.type === undefined || schema.type === 'boolean'
  if (value === null) return schema.type === 'null' || schema.type === undefined
  return schema.type === undefined || schema.type === 'object'
}

function typeOf(raw: Record<string, unknown>, properties: Record<string, Schema>): string | undefined {
  if (typeof raw.type === 'string') return raw.type
  if (Array.isArray(raw.type)) return raw.type.find((type): type is string => typeof type === 'string' && type !== 'null')
  if (Object.keys(properties).length > 0) return 'object'
  return undefined
}

/** Follows `$ref`, and of `anyOf`, `oneOf` and `allOf` takes the first part that is not just `null`. */
function resolved(value: unknown, root: unknown): Record<string, unknown> {
  let raw = record(value)
  for (let steps = 0; steps < 8; steps += 1) {
    if (typeof raw.$ref === 'string') {
      raw = record(at(root, raw.$ref))
      continue
    }
    const choices = [raw.anyOf, raw.oneOf, raw.allOf].find((list) => Array.isArray(list))
    const choice = choices?.map(record).find((part) => part.type !== 'null')
    if (!choice) return raw
    const { anyOf: _any, oneOf: _one, allOf: _all, ...own } = raw
    raw = { ...choice, ...own }
  }
  return raw
}

function at(root: unknown, pointer: string): unknown {
  if (!pointer.startsWith('#/')) return undefined
  return pointer
    .slice(2)
    .split('/')
    .reduce((value: unknown, key) => record(value)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root)
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
}

// Compiles each shape, once, into a closure that checks and converts in the same pass.
import type { ServiceModel, Shape } from '@agentworks/model'
import { deepest, type Faults, fault, faultAt } from './faults.js'
import { blobReader, booleanReader, floatReader, lengthRule, type Reader, stringReader, timestampReader, wholeNumberReader } from './scalars.js'

type ShapeOf<Kind> = Extract<Shape, { kind: Kind }>

export interface FieldReader {
  name: string
  required: boolean
  read: Reader
}

export interface Readers {
  /** The reader of a shape as it stands in a JSON body. */
  of(shapeName: string): Reader
  fields(members: ShapeOf<'structure'>['members']): FieldReader[]
}

export function compileReaders(model: ServiceModel): Readers {
  const compiled = new Map<string, Reader>()
  const readers: Readers = {
    of(name) {
      const known = compiled.get(name)
      if (known) return known
      const shape = model.shapes[name]
      if (!shape) throw new Error(`the model has no shape ${name}`)
      const reader = compile(name, shape, readers)
      compiled.set(name, reader)
      return reader
    },
    fields: (members) => Object.entries(members).map(([name, { shape, required = false }]) => ({ name, required, read: readers.of(shape) })),
  }
  return readers
}

function compile(name: string, shape: Shape, readers: Readers): Reader {
  switch (shape.kind) {
    case 'structure':
      return structureReader(shape, readers)
    case 'union':
      return unionReader(shape, readers)
    case 'list':
      return listReader(shape, readers)
    case 'map':
      return mapReader(shape, readers)
    case 'string':
      return stringReader(name, shape)
    case 'integer':
    case 'long':
      return wholeNumberReader(shape)
    case 'float':
      return floatReader(shape)
    case 'boolean':
      return booleanReader
    case 'timestamp':
      return timestampReader(shape)
    case 'blob':
      return blobReader(shape)
    case 'document':
      return documentReader
    case 'blob-stream':
      throw new Error(`${name} is a stream and is never part of a JSON body`)
    default:
      return shape satisfies never
  }
}

/** Shapes may contain themselves, so what they lead to is compiled when the first value arrives. */
function structureReader({ members }: ShapeOf<'structure'>, readers: Readers): Reader {
  let fields: FieldReader[] | undefined
  return (value, faults) => {
    if (!isObject(value)) return fault(faults, 'must be an object')
    if (faults.path.length > deepest) return fault(faults, tooDeep)
    fields ??= readers.fields(members)
    return readFields(fields, value, faults, {})
  }
}

/** Reads the known members; unknown ones are dropped, and null is the same as absent: so does AWS. */
export function readFields(
  fields: readonly FieldReader[],
  source: Record<string, unknown>,
  faults: Faults,
  into: Record<string, unknown>,
): Record<string, unknown> {
  for (const { name, required, read } of fields) {
    const value = source[name]
    if (value === undefined || value === null) {
      if (required) faultAt(faults, name, 'is required')
      continue
    }
    faults.path.push(name)
    into[name] = read(value, faults)
    faults.path.pop()
  }
  return into
}

function unionReader({ members }: ShapeOf<'union'>, readers: Readers): Reader {
  let arms: Map<string, Reader> | undefined
  return (value, faults) => {
    if (!isObject(value)) return fault(faults, 'must be an object')
    if (faults.path.length > deepest) return fault(faults, tooDeep)
    arms ??= new Map(readers.fields(members).map(({ name, read }) => [name, read]))
    let found: string | undefined
    for (const name of Object.keys(value)) {
      if (value[name] === null || !arms.has(name)) continue
      if (found !== undefined) return fault(faults, `must have exactly one member, has ${found} and ${name}`)
      found = name
    }
    const read = found === undefined ? undefined : arms.get(found)
    if (found === undefined || !read) return fault(faults, `must have exactly one member of: ${[...arms.keys()].join(', ')}`)
    faults.path.push(found)
    const result = { [found]: read(value[found], faults) }
    faults.path.pop()
    return result
  }
}

function listReader({ element, min = 0, max = Number.POSITIVE_INFINITY }: ShapeOf<'list'>, readers: Readers): Reader {
  let read: Reader | undefined
  return (value, faults) => {
    if (!Array.isArray(value)) return fault(faults, 'must be a list')
    if (faults.path.length > deepest) return fault(faults, tooDeep)
    if (value.length < min || value.length > max) return fault(faults, lengthRule(min, max, value.length, 'items'))
    read ??= readers.of(element)
    const items = new Array(value.length)
    for (let at = 0; at < value.length; at += 1) {
      const item = value[at]
      faults.path.push(at)
      items[at] = item === null ? fault(faults, 'must not be null') : read(item, faults)
      faults.path.pop()
    }
    return items
  }
}

function mapReader({ key, value: element, min = 0, max = Number.POSITIVE_INFINITY }: ShapeOf<'map'>, readers: Readers): Reader {
  let readKey: Reader | undefined
  let read: Reader | undefined
  return (value, faults) => {
    if (!isObject(value)) return fault(faults, 'must be an object')
    if (faults.path.length > deepest) return fault(faults, tooDeep)
    const names = Object.keys(value)
    if (names.length < min || names.length > max) return fault(faults, lengthRule(min, max, names.length, 'entries'))
    readKey ??= readers.of(key)
    read ??= readers.of(element)
    const entries: [string, unknown][] = []
    for (const name of names) {
      const item = value[name]
      faults.path.push(name)
      readKey(name, faults)
      entries.push([name, item === null ? fault(faults, 'must not be null') : read(item, faults)])
      faults.path.pop()
    }
    // fromEntries defines, never assigns: a key `__proto__` stays a key.
    return Object.fromEntries(entries)
  }
}

const documentReader: Reader = (value, faults) => {
  if (!isShallow(value, deepest)) return fault(faults, tooDeep)
  const exact = faults.exact?.()
  return exact === undefined ? value : faults.path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], exact)
}

const tooDeep = `must not be nested deeper than ${deepest} levels`

function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (left === 0) return false
  for (const inner of Array.isArray(value) ? value : Object.values(value)) if (!isShallow(inner, left - 1)) return false
  return true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

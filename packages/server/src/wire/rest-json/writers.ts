// Compiles each shape, once, into a closure that turns an operation's value into what JSON.stringify writes. Members that
// the model does not have never leave: a stored row may know more than AWS tells.
import type { Member, ServiceModel, Shape } from '@agentworks/model'
import { JsonText } from '#kernel/json-text.js'
import { formatTimestamp } from './timestamps.js'

export type Writer = (value: unknown) => unknown

type ShapeOf<Kind> = Extract<Shape, { kind: Kind }>
type Members = Readonly<Record<string, Member>>

export interface Writers {
  of(shapeName: string): Writer
  /** Writes these members of a value and no other. */
  members(members: Members): (value: Record<string, unknown>) => Record<string, unknown>
}

export function compileWriters(model: ServiceModel): Writers {
  const compiled = new Map<string, Writer>()
  const writers: Writers = {
    of(name) {
      const known = compiled.get(name)
      if (known) return known
      const shape = model.shapes[name]
      if (!shape) throw new Error(`the model has no shape ${name}`)
      const writer = compile(shape, writers)
      compiled.set(name, writer)
      return writer
    },
    members(members) {
      // Shapes may contain themselves: what they lead to is compiled when the first value leaves.
      let fields: { name: string; write: Writer }[] | undefined
      return (value) => {
        fields ??= Object.entries(members).map(([name, { shape }]) => ({ name, write: writers.of(shape) }))
        const written: Record<string, unknown> = {}
        for (const { name, write } of fields) {
          const member = value[name]
          if (member !== undefined && member !== null) written[name] = member instanceof JsonText ? member : write(member)
        }
        return written
      }
    },
  }
  return writers
}

const asItIs: Writer = (value) => value

function compile(shape: Shape, writers: Writers): Writer {
  switch (shape.kind) {
    case 'structure':
    case 'union': {
      const write = writers.members(shape.members)
      return (value) => write(value as Record<string, unknown>)
    }
    case 'list':
      return listWriter(shape, writers)
    case 'map':
      return mapWriter(shape, writers)
    case 'timestamp': {
      const format = formatTimestamp[shape.format === 'default' ? 'epoch-seconds' : shape.format]
      return (value) => format(value as number)
    }
    case 'blob':
      return (value) => toBuffer(value as Uint8Array).toString('base64')
    case 'blob-stream':
      throw new Error('a stream is never part of a JSON body')
    default:
      return asItIs
  }
}

function listWriter({ element }: ShapeOf<'list'>, writers: Writers): Writer {
  let write: Writer | undefined
  return (value) => {
    write ??= writers.of(element)
    return write === asItIs ? value : (value as unknown[]).map(write)
  }
}

function mapWriter({ value: element }: ShapeOf<'map'>, writers: Writers): Writer {
  let write: Writer | undefined
  return (value) => {
    write ??= writers.of(element)
    const one = write
    return one === asItIs ? value : Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, one(item)]))
  }
}

export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

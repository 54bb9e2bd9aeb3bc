// Labels, query parameters and headers are text; the model says what the text means.
import type { Member, ServiceModel, Shape } from '@agentworks/model'
import { type Faults, fault } from './faults.js'
import type { Readers } from './readers.js'
import type { Reader } from './scalars.js'
import { timestampReader } from './scalars.js'

export interface TextField {
  name: string
  /** Parameter or header name; header names in lower case. */
  wire: string
  required: boolean
  isList: boolean
  read: Reader
}

export function textFields(model: ServiceModel, readers: Readers, members: Record<string, Member>, at: 'label' | 'query' | 'header'): TextField[] {
  return Object.entries(members).flatMap(([name, member]) => {
    if (member.at !== at) return []
    const wire = member.wire ?? name
    const shape = model.shapes[member.shape]
    if (!shape) throw new Error(`the model has no shape ${member.shape}`)
    return [
      {
        name,
        wire: at === 'header' ? wire.toLowerCase() : wire,
        required: member.required ?? false,
        isList: shape.kind === 'list',
        read: textReader(shape, member.shape, at, model, readers),
      },
    ]
  })
}

const defaultFormat = { label: 'date-time', query: 'date-time', header: 'http-date' } as const

function textReader(shape: Shape, name: string, at: 'label' | 'query' | 'header', model: ServiceModel, readers: Readers): Reader {
  const read = readers.of(name)
  switch (shape.kind) {
    case 'integer':
    case 'long':
    case 'float':
      return (value, faults) => read(numberFrom(value), faults)
    case 'boolean':
      return (value, faults) => read(value === 'true' ? true : value === 'false' ? false : value, faults)
    case 'timestamp': {
      const format = shape.format === 'default' ? defaultFormat[at] : shape.format
      const readMoment = timestampReader({ kind: 'timestamp', format })
      return format === 'epoch-seconds' ? (value, faults) => readMoment(numberFrom(value), faults) : readMoment
    }
    case 'string':
      return read
    case 'list': {
      const element = model.shapes[shape.element]
      if (element?.kind !== 'string') throw new Error(`lists of ${element?.kind} in ${at} are not in AWS's model so far`)
      return read
    }
    default:
      throw new Error(`${shape.kind} in ${at} is not in AWS's model so far`)
  }
}

/** Text that is no plain number is passed on as it is: the reader refuses it by its type. */
function numberFrom(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?$/.test(value) ? Number(value) : value
}

export function readTextField(field: TextField, values: readonly string[] | undefined, faults: Faults): unknown {
  const [first] = values ?? []
  faults.path.push(field.name)
  try {
    if (values === undefined || first === undefined) return field.required ? fault(faults, 'is required') : undefined
    if (field.isList) return field.read(values, faults)
    return values.length > 1 ? fault(faults, 'must be given once') : field.read(first, faults)
  } finally {
    faults.path.pop()
  }
}

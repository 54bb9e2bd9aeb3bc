// The only file that knows how the AWS clients write their schemas (tuples whose layout has changed before: the versions
// are pinned, and an unknown kind or trait stops the build). Everything leaves here in our own words.

import type { Location } from '@agentworks/model'
import * as data from '@aws-sdk/client-bedrock-agentcore'
import * as control from '@aws-sdk/client-bedrock-agentcore-control'
import * as bedrockRuntime from '@aws-sdk/client-bedrock-runtime'

export interface Traits {
  at?: Location
  wire?: string
  sensitive?: true
  token?: true
  streaming?: true
  status?: number
}

export interface ClientMember {
  name: string
  required: boolean
  traits: Traits
  target: ClientShape
}

export type ClientShape =
  | { kind: 'structure' | 'union'; name: string; traits: Traits; members: () => ClientMember[] }
  | { kind: 'list'; name: string | undefined; element: () => ClientShape }
  | { kind: 'map'; name: string | undefined; value: () => ClientShape }
  | { kind: 'string' | 'number' | 'boolean' | 'document' | 'blob' | 'blob-stream'; name: string | undefined; traits: Traits }
  | { kind: 'timestamp'; name: string | undefined; traits: Traits; format: 'default' | 'date-time' | 'http-date' | 'epoch-seconds' }

export interface ClientOperation {
  name: string
  method: string
  uri: string
  code: number
  input: ClientShape
  output: ClientShape
}

export interface Client {
  package: string
  operations: ClientOperation[]
  /** Declared errors that no operation's shapes mention. */
  errors: ClientShape[]
}

type Tuple = readonly [number, ...unknown[]]
type Ref = unknown

export function readClients(): { control: Client; data: Client; bedrockRuntime: Client } {
  return {
    control: readClient('client-bedrock-agentcore-control', control),
    data: readClient('client-bedrock-agentcore', data),
    bedrockRuntime: readClient('client-bedrock-runtime', bedrockRuntime),
  }
}

function readClient(packageName: string, exported: object): Client {
  const tuples = Object.entries(exported).flatMap(([name, value]) => (name.endsWith('$') && Array.isArray(value) ? [value as unknown as Tuple] : []))
  return {
    package: packageName,
    operations: tuples.filter(([kind]) => kind === 9).map(readOperation),
    errors: tuples.filter(([kind, , name]) => kind === -3 && !isClientBase(String(name))).map(readShape),
  }
}

/** Each client throws a base class of its own besides the service's errors. */
export function isClientBase(name: string): boolean {
  return name.endsWith('ServiceException') && name !== 'ServiceException'
}

function readOperation([, , name, traits, input, output]: Tuple): ClientOperation {
  const [method, uri, code] = (traits as { http: [string, string, number] }).http
  return { name: String(name), method, uri, code, input: readShape(input), output: readShape(output) }
}

const simple: Record<number, (name: string | undefined, traits: Traits) => ClientShape> = {
  0: (name, traits) => ({ kind: 'string', name, traits }),
  1: (name, traits) => ({ kind: 'number', name, traits }),
  2: (name, traits) => ({ kind: 'boolean', name, traits }),
  4: (name, traits) => ({ kind: 'timestamp', format: 'default', name, traits }),
  5: (name, traits) => ({ kind: 'timestamp', format: 'date-time', name, traits }),
  6: (name, traits) => ({ kind: 'timestamp', format: 'http-date', name, traits }),
  7: (name, traits) => ({ kind: 'timestamp', format: 'epoch-seconds', name, traits }),
  15: (name, traits) => ({ kind: 'document', name, traits }),
  21: (name, traits) => ({ kind: 'blob', name, traits }),
  42: (name, traits) => ({ kind: 'blob-stream', name, traits }),
}

function readSimple(code: number, name?: string, traits: Traits = {}): ClientShape {
  if (code & 64) return { kind: 'list', name, element: () => readSimple(code & ~64) }
  if (code & 128) return { kind: 'map', name, value: () => readSimple(code & ~128) }
  const read = simple[code]
  if (!read) throw new Error(`unknown simple schema ${code}`)
  return read(name, traits)
}

function readShape(ref: Ref): ClientShape {
  const schema = typeof ref === 'function' ? ref() : ref
  if (schema === 'unit') return { kind: 'structure', name: 'Unit', traits: {}, members: () => [] }
  if (typeof schema === 'number') return readSimple(schema)
  const [kind, , name, traits, first, second, required] = schema as [number, string, string, unknown, unknown, unknown, number]
  switch (kind) {
    case 0:
      return readSimple(first as number, name, readTraits(traits))
    case 1:
      return { kind: 'list', name, element: () => readMember(first).target }
    case 2:
      return { kind: 'map', name, value: () => readMember(second).target }
    case 3:
    case 4:
    case -3: {
      const members = () =>
        (first as string[]).map((member, at) => ({ name: member, required: at < (required ?? 0), ...readMember((second as Ref[])[at]) }))
      return { kind: kind === 4 ? 'union' : 'structure', name, traits: readTraits(traits), members }
    }
    default:
      throw new Error(`unknown schema kind ${kind} at ${name}`)
  }
}

/** A member is a bare reference, or a pair of reference and traits. */
function readMember(ref: Ref): { traits: Traits; target: ClientShape } {
  const [target, traits] = Array.isArray(ref) && ref.length === 2 ? ref : [ref, 0]
  return { traits: readTraits(traits), target: readShape(target) }
}

const bits: [number, Traits][] = [
  [1, { at: 'label' }],
  [2, {}],
  [4, { token: true }],
  [8, { sensitive: true }],
  [16, { at: 'payload' }],
  [32, { at: 'status' }],
]

const named: Record<string, (value: unknown) => Traits> = {
  httpHeader: (value) => ({ at: 'header', wire: String(value) }),
  httpQuery: (value) => ({ at: 'query', wire: String(value) }),
  idempotencyToken: () => ({ token: true }),
  sensitive: () => ({ sensitive: true }),
  streaming: () => ({ streaming: true }),
  error: () => ({}),
  httpError: (value) => ({ status: Number(value) }),
}

function readTraits(traits: unknown): Traits {
  if (typeof traits === 'number') {
    if (traits >= 64) throw new Error(`unknown trait bits ${traits}`)
    return Object.assign({}, ...bits.filter(([bit]) => traits & bit).map(([, trait]) => trait))
  }
  return Object.assign(
    {},
    ...Object.entries(traits ?? {}).map(([name, value]) => {
      const read = named[name]
      if (!read) throw new Error(`unknown trait ${name}`)
      return read(value)
    }),
  )
}

// One operation's request -> its input. What travels in label, query or header is never taken from the body.
import type { Member, Operation, ServiceModel } from '@agentworks/model'
import { cannotParse } from '#kernel/errors.js'
import type { VerifiedBody, WireRequest } from '#wire/exchange.js'
import { collect, parseJson, streamed } from './body.js'
import { exactlyParsed } from './exact-numbers.js'
import { type Faults, fault, faultAt, noFaults, refuse } from './faults.js'
import { parseQuery } from './query.js'
import { type FieldReader, type Readers, readFields } from './readers.js'
import { readTextField, type TextField, textFields } from './text-readers.js'

export interface RequestParts {
  labels: Readonly<Record<string, string>>
  request: WireRequest
  body: VerifiedBody
}

export type InputReader = (parts: RequestParts) => Promise<Record<string, unknown>>

type Input = Record<string, unknown>
type ReadBody = (body: VerifiedBody, input: Input, faults: Faults) => Promise<void>

export function inputReader(operation: Operation, model: ServiceModel, readers: Readers, bodyLimit: number): InputReader {
  const shape = model.shapes[operation.input]
  if (shape?.kind !== 'structure') throw new Error(`the input of ${operation.name} is no structure`)
  const labels = textFields(model, readers, shape.members, 'label')
  const query = textFields(model, readers, shape.members, 'query')
  const headers = textFields(model, readers, shape.members, 'header')
  const readBody = bodyReader(operation, shape.members, model, readers, bodyLimit)

  return async ({ labels: labelValues, request, body }) => {
    const input: Input = {}
    const faults = noFaults()
    for (const field of labels) take(field, [labelValues[field.name] ?? ''], input, faults)
    if (query.length > 0) {
      const parameters = parseQuery(request.rawQuery)
      for (const field of query) take(field, parameters.get(field.wire), input, faults)
    }
    for (const field of headers) {
      const value = request.headers[field.wire]
      take(field, typeof value === 'string' ? [value] : value, input, faults)
    }
    await readBody(body, input, faults)
    refuse(faults)
    return input
  }
}

function take(field: TextField, values: readonly string[] | undefined, input: Input, faults: Faults): void {
  const value = readTextField(field, values, faults)
  if (value !== undefined) input[field.name] = value
}

function bodyReader(
  operation: Operation,
  members: Readonly<Record<string, Member>>,
  model: ServiceModel,
  readers: Readers,
  bodyLimit: number,
): ReadBody {
  const payload = Object.entries(members).find(([, member]) => member.at === 'payload')
  if (payload && operation.streamsUpTo !== undefined) return streamReader(payload[0], operation.streamsUpTo)
  if (payload) return payloadReader(payload[0], payload[1], model, readers, bodyLimit)
  const inBody = Object.fromEntries(Object.entries(members).filter(([, member]) => member.at === undefined))
  if (Object.keys(inBody).length === 0) return async (body) => void (await collect(body, bodyLimit))
  let fields: FieldReader[] | undefined
  return async (body, input, faults) => {
    const bytes = await collect(body, bodyLimit)
    fields ??= readers.fields(inBody)
    let exact: { value: unknown } | undefined
    // Only documents ask for it, and most bodies have none.
    faults.exact = () => {
      exact ??= { value: exactlyParsed(bytes.toString()) }
      return exact.value
    }
    readFields(fields, bytes.length === 0 ? {} : jsonObject(bytes), faults, input)
  }
}

function streamReader(name: string, limit: number): ReadBody {
  return async (body, input, faults) => {
    // Nothing may be read from a request that is refused anyway.
    refuse(faults)
    // What is here already needs no stream.
    input[name] = body.bytes ?? streamed(body, limit)
    if (body.length !== undefined) input[`${name}Length`] = body.length
  }
}

function payloadReader(name: string, member: Member, model: ServiceModel, readers: Readers, bodyLimit: number): ReadBody {
  const shape = model.shapes[member.shape]
  if (shape?.kind === 'blob') {
    const { max = bodyLimit } = shape
    return async (body, input, faults) => {
      const bytes = await collect(body, max)
      if (bytes.length > 0) input[name] = bytes
      else if (member.required) faultAt(faults, name, 'is required')
    }
  }
  return async (body, input, faults) => {
    const bytes = await collect(body, bodyLimit)
    faults.path.push(name)
    if (bytes.length > 0) input[name] = readers.of(member.shape)(jsonObject(bytes), faults)
    else if (member.required) fault(faults, 'is required')
    faults.path.pop()
  }
}

function jsonObject(bytes: Buffer): Record<string, unknown> {
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw cannotParse('The request body must be a JSON object.')
  return value as Record<string, unknown>
}

// Client schemas + typings + constraint sources -> one service's operations and shapes.
import type { Member, Operation, Shape } from '@agentworks/model'
import type { Client, ClientOperation, ClientShape, Traits } from './clients.ts'
import type { ConstraintSource, Constraints } from './sources.ts'
import { declaredErrors, hasPaginator } from './typings.ts'

export interface Built {
  operations: Record<string, Operation>
  shapes: Record<string, Shape>
  /** Scalars that the constraint source does not know: they stay unchecked but for their type. */
  unconstrained: string[]
}

/** AWS calls this payload a plain blob; at up to 100 MB it must not be held in memory. */
const streamedPayloads: Record<string, number> = { InvokeAgentRuntime: 100_000_000 }

/** Structures that the clients and the constraint source call by different names. */
const sourceNames: Record<string, string> = { GatewayApiKeyCredentialProvider: 'ApiKeyCredentialProvider' }

const modelIdPattern = '\\P{Cc}+'

/** Patterns that we replace, each for a reason that docs/divergences.md tells. */
const ownPatterns: Record<string, string> = {
  // AWS's dots are not escaped here: with three unbounded runs that takes minutes on 131072 letters. Tokens have real dots.
  UserTokenType: '[A-Za-z0-9-_=]+\\.[A-Za-z0-9-_=]+\\.[A-Za-z0-9-_=]+',
  // A model id may name any provider's model, and those have slashes and underscores: `openai:meta-llama/Llama_3`.
  ConversationalModelId: modelIdPattern,
  InvokeModelIdentifier: modelIdPattern,
  FoundationModelVersionIdentifier: modelIdPattern,
}

export function build(client: Client, constraints: ConstraintSource, plane: Operation['plane'], wanted: (operation: string) => boolean): Built {
  const shapes: Record<string, Shape> = {}
  const unconstrained: string[] = []
  const operations = Object.fromEntries(
    client.operations.filter(({ name }) => wanted(name)).map((operation) => [operation.name, buildOperation(operation)]),
  )
  for (const error of client.errors) convert(error, undefined)
  return { operations, shapes, unconstrained }

  function buildOperation(operation: ClientOperation): Operation {
    const { name, method, uri, code } = operation
    return {
      name,
      plane,
      method,
      uri,
      code,
      input: convert(operation.input, undefined),
      output: convert(operation.output, undefined),
      errors: declaredErrors(client.package, name),
      ...(hasPaginator(client.package, name) && { paginated: true as const }),
      ...(streamedPayloads[name] !== undefined && { streamsUpTo: streamedPayloads[name] }),
    }
  }

  /** Registers a shape and returns the name it goes by. `known` is its name in the constraint source. */
  function convert(shape: ClientShape, known: string | undefined): string {
    switch (shape.kind) {
      case 'structure':
      case 'union':
        return convertMembers(shape)
      case 'list': {
        const bounds = constraintsAt(known ?? shape.name, 'list')
        const element = convert(shape.element(), bounds?.element)
        return register(known ?? shape.name ?? `ListOf${element}`, { kind: 'list', element, ...boundsOf(bounds) })
      }
      case 'map': {
        const bounds = constraintsAt(known ?? shape.name, 'map')
        const key = convert({ kind: 'string', name: undefined, traits: {} }, bounds?.key)
        const value = convert(shape.value(), bounds?.value)
        return register(known ?? shape.name ?? `MapOf${value}`, { kind: 'map', key, value, ...boundsOf(bounds) })
      }
      case 'timestamp':
        return register(shape.format === 'default' ? 'timestamp' : shape.format, { kind: 'timestamp', format: shape.format })
      case 'boolean':
      case 'document':
      case 'blob-stream':
        return register(shape.kind, { kind: shape.kind })
      default:
        return convertScalar(shape.kind, known ?? shape.name)
    }
  }

  function convertMembers(shape: Extract<ClientShape, { members: unknown }>): string {
    if (shapes[shape.name]) return shape.name
    const members: Record<string, Member> = {}
    // Registered before its members: shapes may contain themselves.
    shapes[shape.name] =
      shape.kind === 'union'
        ? { kind: 'union', members, ...(shape.traits.streaming && { events: true as const }) }
        : { kind: 'structure', members, ...(shape.traits.status && { status: shape.traits.status }) }
    for (const { name, required, traits, target } of shape.members()) {
      const known = constraints.members[sourceNames[shape.name] ?? shape.name]?.[name]
      if (known === undefined && target.kind !== 'structure' && target.kind !== 'union') unconstrained.push(`${shape.name}.${name}`)
      members[name] = { shape: convert(target, known), ...(required && { required: true as const }), ...binding(name, traits, target) }
    }
    return shape.name
  }

  function convertScalar(kind: 'string' | 'number' | 'blob', name: string | undefined): string {
    const rules = name === undefined ? undefined : constraints.shapes[name]
    if (kind === 'number') {
      const number = rules?.kind === 'integer' || rules?.kind === 'long' ? rules.kind : 'float'
      return registerScalar(name, number, { kind: number, ...boundsOf(rules) })
    }
    if (kind === 'blob') return registerScalar(name, 'blob', { kind: 'blob', ...boundsOf(rules) })
    return registerScalar(name, 'string', {
      kind: 'string',
      ...boundsOf(rules),
      ...(rules?.pattern !== undefined && { pattern: ownPatterns[name ?? ''] ?? rules.pattern }),
      ...(rules?.enum && { enum: rules.enum }),
    })
  }

  /** A scalar without rules goes by the name of its kind. */
  function registerScalar(name: string | undefined, plain: string, shape: Shape): string {
    return Object.keys(shape).length > 1 && name !== undefined ? register(name, shape) : register(plain, shape)
  }

  function register(name: string, shape: Shape): string {
    shapes[name] ??= shape
    return name
  }

  function constraintsAt(name: string | undefined, kind: string): Constraints | undefined {
    const found = name === undefined ? undefined : constraints.shapes[name]
    return found?.kind === kind ? found : undefined
  }
}

function boundsOf(rules: Constraints | undefined): { min?: number; max?: number } {
  return { ...(rules?.min !== undefined && { min: rules.min }), ...(rules?.max !== undefined && { max: rules.max }) }
}

function binding(name: string, traits: Traits, target: ClientShape): Omit<Member, 'shape' | 'required'> {
  const sensitive = traits.sensitive ?? ('traits' in target ? target.traits.sensitive : undefined)
  // An event stream is always the whole body, whether or not its member says payload.
  const at = target.kind === 'union' && target.traits.streaming ? 'payload' : traits.at
  return {
    ...(at && { at }),
    ...(traits.wire !== undefined && traits.wire !== name && { wire: traits.wire }),
    ...(sensitive && { sensitive }),
    ...(traits.token && { token: true }),
  }
}

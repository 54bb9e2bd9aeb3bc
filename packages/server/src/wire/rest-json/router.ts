// Raw path -> operation and labels. Works on the undecoded path: an ARN in a label holds %2F, and decoding it first, or
// dropping empty segments, would turn one operation into another.
import type { Operation } from '@agentworks/model'
import { invalid, ServiceError } from '#kernel/errors.js'

export interface Route {
  operation: Operation
  /** Decoded once, by label name. */
  labels: Record<string, string>
}

interface Node {
  literals: Map<string, Node>
  label: Node | undefined
  /** The operation whose template ends here. */
  operation: Operation | undefined
  /** By position in the path. */
  labels: readonly { name: string; index: number }[]
}

export function router(operations: readonly Operation[]): (method: string, rawPath: string) => Route {
  const roots = new Map<string, Node>()
  for (const operation of operations) plant(rootOf(operation.method), operation)

  return (method, rawPath) => {
    const root = roots.get(method)
    const segments = decodeSegments(rawPath)
    const found = root && leafOf(root, segments)
    if (!found?.operation) throw noOperation(method, rawPath, otherMethods(method, segments))
    return { operation: found.operation, labels: readLabels(found, segments) }
  }

  function otherMethods(method: string, segments: readonly string[]): string[] {
    return [...roots].flatMap(([other, root]) => (other !== method && leafOf(root, [...segments])?.operation ? [other] : []))
  }

  function rootOf(method: string): Node {
    const root = roots.get(method) ?? emptyNode()
    roots.set(method, root)
    return root
  }
}

function emptyNode(): Node {
  return { literals: new Map(), label: undefined, operation: undefined, labels: [] }
}

function plant(root: Node, operation: Operation): void {
  const labels: { name: string; index: number }[] = []
  let node = root
  for (const [index, segment] of splitPath(operation.uri.endsWith('/') ? operation.uri.slice(0, -1) : operation.uri).entries()) {
    if (segment.startsWith('{')) {
      labels.push({ name: segment.slice(1, -1), index })
      node.label ??= emptyNode()
      node = node.label
    } else {
      const next = node.literals.get(segment) ?? emptyNode()
      node.literals.set(segment, next)
      node = next
    }
  }
  if (node.operation) throw new Error(`${operation.name} and ${node.operation.name} share one route`)
  node.operation = operation
  node.labels = labels
}

const leafOf = (root: Node, segments: string[]) => findWithSlash(root, segments) ?? find(root, segments, 0)

/**
 * One trailing slash says nothing, with one exception: clients send an empty last label as nothing, so `GET /harnesses/`
 * is GetHarness without an id, and answering it with a list would be a lie.
 */
function findWithSlash(root: Node, segments: string[]): Node | undefined {
  if (segments.length < 2 || segments.at(-1) !== '') return undefined
  const asEmptyLabel = find(root, segments, 0)
  const stripped = find(root, segments.slice(0, -1), 0)
  if (asEmptyLabel?.operation && !stripped?.operation?.uri.endsWith('/')) return asEmptyLabel
  if (stripped) segments.pop()
  return stripped ?? asEmptyLabel
}

function find(node: Node, segments: readonly string[], at: number): Node | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.operation ? node : undefined
  const literal = node.literals.get(segment)
  return (literal && find(literal, segments, at + 1)) ?? (node.label && find(node.label, segments, at + 1))
}

function decodeSegments(rawPath: string): string[] {
  return splitPath(rawPath).map((segment) => {
    if (!segment.includes('%')) return segment
    try {
      return decodeURIComponent(segment)
    } catch {
      throw invalid('path', 'has a malformed percent escape; escape each label with UTF-8 percent-encoding')
    }
  })
}

function splitPath(path: string): string[] {
  return path.slice(path.startsWith('/') ? 1 : 0).split('/')
}

function readLabels(node: Node, segments: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const { name, index } of node.labels) {
    const value = segments[index] ?? ''
    if (value === '') throw invalid(name, 'must not be empty')
    if (value === '.' || value === '..') throw invalid(name, 'must not be "." or ".."')
    labels[name] = value
  }
  return labels
}

/** MCP clients try GET and DELETE on the address that they post to, and take 405 alone for "not offered here". */
function noOperation(method: string, rawPath: string, others: readonly string[]): ServiceError {
  if (others.length > 0)
    return new ServiceError('MethodNotAllowedException', `${rawPath.slice(0, 256)} takes ${others.join(', ')} and not ${method.slice(0, 16)}.`)
  return new ServiceError('UnknownOperationException', `There is no operation ${method.slice(0, 16)} ${rawPath.slice(0, 256)}.`)
}

// Shapes -> TypeScript. Members keep AWS's names; timestamps are epoch milliseconds, blobs Uint8Array, documents unknown.
import type { Member, Operation, Shape } from '@agentworks/model'
import type { Built } from './build.ts'

const banner = '// Written by tools/generate-model. Do not edit: change the generator or the sources, then run `npm run generate-model`.'

export interface Typed {
  text: string
  names: string[]
}

export function types({ operations, shapes }: Built): Typed {
  const streamed = new Map(Object.values(operations).flatMap((operation) => (operation.streamsUpTo ? [[operation.input, operation] as const] : [])))
  const names: string[] = []
  const parts: string[] = []
  for (const [name, shape] of Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = declaration(name, shape, streamed.get(name))
    if (!text) continue
    names.push(name)
    parts.push(text)
  }
  const readable = parts.some((part) => part.includes('Readable')) ? "import type { Readable } from 'node:stream'\n" : ''
  return { names, text: `${banner}\n${readable}\n${parts.join('\n\n')}\n` }

  function declaration(name: string, shape: Shape, operation: Operation | undefined): string | undefined {
    if (shape.kind === 'structure') return `export interface ${name} {\n${fields(shape.members, operation)}}`
    if (shape.kind === 'union') return `export type ${name} =\n${arms(shape.members)}`
    if (shape.kind === 'string' && shape.enum) return `export type ${name} = ${shape.enum.map(quote).join(' | ')}`
    return undefined
  }

  function fields(members: Readonly<Record<string, Member>>, operation: Operation | undefined): string {
    return Object.entries(members)
      .map(([name, member]) => {
        if (operation && member.at === 'payload')
          return `  ${name}?: Readable | Buffer\n  /** Bytes in the payload, when the client said so. */\n  ${name}Length?: number\n`
        return `  ${name}${member.required ? '' : '?'}: ${typeOf(member.shape)}\n`
      })
      .join('')
  }

  function arms(members: Readonly<Record<string, Member>>): string {
    const names = Object.keys(members)
    return names
      .map((name) => {
        const others = names.filter((other) => other !== name).map((other) => `; ${other}?: undefined`)
        return `  | { ${name}: ${typeOf(members[name]?.shape as string)}${others.join('')} }`
      })
      .join('\n')
  }

  function typeOf(name: string): string {
    const shape = shapes[name]
    if (!shape) throw new Error(`no shape ${name}`)
    switch (shape.kind) {
      case 'structure':
        return name
      case 'union':
        return shape.events ? `AsyncIterable<${name}>` : name
      case 'list':
        return arrayOf(typeOf(shape.element))
      case 'map':
        return `Record<string, ${typeOf(shape.value)}>`
      case 'string':
        return shape.enum ? name : 'string'
      case 'boolean':
        return 'boolean'
      case 'document':
        return 'unknown'
      case 'blob':
        return 'Uint8Array'
      case 'blob-stream':
        return 'AsyncIterable<Uint8Array> | Readable'
      default:
        return 'number'
    }
  }
}

export function door(served: Typed, others: Typed): string {
  const free = others.names.filter((name) => !served.names.includes(name))
  return [
    banner,
    "export type * from './bedrock-agentcore.js'",
    "// Names that both services use mean AgentCore's shape here; the models' one is BedrockRuntime.Name.",
    "export type * as BedrockRuntime from './bedrock-runtime.js'",
    `export type {\n${free.map((name) => `  ${name},\n`).join('')}} from './bedrock-runtime.js'`,
    '',
  ].join('\n')
}

function arrayOf(type: string): string {
  return type.includes(' ') ? `Array<${type}>` : `${type}[]`
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

// Writes packages/model/src/generated from the AWS clients' schemas and packages/model/sources.
// `--check` writes nothing and fails when a file would change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Built } from './build.ts'
import { build } from './build.ts'
import { readClients } from './clients.ts'
import { merge } from './merge.ts'
import { readConstraints } from './sources.ts'
import { door, types } from './typescript.ts'

const clients = readClients()
const models = ['Converse', 'ConverseStream', 'InvokeModel', 'InvokeModelWithResponseStream', 'CountTokens']

const agentCore = merge(
  build(clients.control, readConstraints('bedrock-agentcore-control'), 'control', () => true),
  build(clients.data, readConstraints('bedrock-agentcore'), 'data', () => true),
  'Data',
)
const bedrockRuntime = build(clients.bedrockRuntime, readConstraints('bedrock-runtime'), 'data', (name) => models.includes(name))
const agentCoreTypes = types(agentCore)
const bedrockRuntimeTypes = types(bedrockRuntime)

const files = {
  'bedrock-agentcore.json': modelJson('bedrock-agentcore', agentCore),
  'bedrock-agentcore.ts': agentCoreTypes.text,
  'bedrock-runtime.json': modelJson('bedrock', bedrockRuntime),
  'bedrock-runtime.ts': bedrockRuntimeTypes.text,
  'types.ts': door(agentCoreTypes, bedrockRuntimeTypes),
}

const folder = new URL('../../packages/model/src/generated/', import.meta.url)
const isCheck = process.argv.includes('--check')
const stale = Object.entries(files).filter(([name, text]) => read(name) !== text)
if (isCheck && stale.length > 0) {
  console.error(`out of date: ${stale.map(([name]) => name).join(', ')}. Run: npm run generate-model`)
  process.exit(1)
}
if (!isCheck) {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of stale) writeFileSync(new URL(name, folder), text)
}
report('bedrock-agentcore', agentCore)
report('bedrock-runtime', bedrockRuntime)
console.log(isCheck ? `${Object.keys(files).length} files are up to date` : `${stale.length} of ${Object.keys(files).length} files written`)

/** One line per operation and shape, so that a diff shows what changed. */
function modelJson(service: string, { operations, shapes }: Built): string {
  const table = (entries: object) =>
    Object.entries(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n')
  return `{"service":${JSON.stringify(service)},\n"operations":{\n${table(operations)}},\n"shapes":{\n${table(shapes)}}}\n`
}

function read(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8')
  } catch {
    return undefined
  }
}

function report(service: string, { operations, shapes, unconstrained }: Built): void {
  const list = unconstrained.length > 0 ? `: ${unconstrained.slice(0, 8).join(', ')}` : ''
  console.log(
    `${service}: ${Object.keys(operations).length} operations, ${Object.keys(shapes).length} shapes, ${unconstrained.length} members unknown to the constraint source${list}`,
  )
}

// Keeps of botocore's service models only the facts that the JavaScript clients do not carry: bounds, patterns, number
// kinds, enum values. Run by hand when a newer botocore is wanted:
//   node tools/generate-model/extract-constraints.ts UNPACKED_WHEEL/botocore/data VERSION
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ConstraintSource, Constraints } from './sources.ts'

interface BotocoreShape {
  type: string
  min?: number
  max?: number
  pattern?: string
  enum?: string[]
  member?: { shape: string }
  key?: { shape: string }
  value?: { shape: string }
  members?: Record<string, { shape: string }>
}

const [dataDir, version] = process.argv.slice(2)
if (!dataDir || !version) throw new Error('usage: extract-constraints.ts BOTOCORE_DATA_DIR VERSION')

for (const service of ['bedrock-agentcore', 'bedrock-agentcore-control', 'bedrock-runtime']) {
  const facts = extract(readModel(dataDir, service))
  const target = new URL(`../../packages/model/sources/${service}.json`, import.meta.url)
  writeFileSync(target, oneLinePerEntry({ source: `botocore ${version}`, ...facts }))
  console.log(`${service}: ${Object.keys(facts.shapes).length} shapes, ${Object.keys(facts.members).length} structures`)
}

function readModel(dir: string, service: string): Record<string, BotocoreShape> {
  const newest = readdirSync(join(dir, service)).sort().at(-1)
  if (!newest) throw new Error(`${service} has no API version in ${dir}`)
  const model = JSON.parse(gunzipSync(readFileSync(join(dir, service, newest, 'service-2.json.gz'))).toString()) as {
    shapes: Record<string, BotocoreShape>
  }
  return model.shapes
}

function extract(all: Record<string, BotocoreShape>): Omit<ConstraintSource, 'source'> {
  const shapes: Record<string, Constraints> = {}
  const members: Record<string, Record<string, string>> = {}
  for (const [name, shape] of Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (shape.members) members[name] = Object.fromEntries(Object.entries(shape.members).map(([member, { shape }]) => [member, shape]))
    else shapes[name] = constraintsOf(shape)
  }
  return { shapes, members }
}

function constraintsOf(shape: BotocoreShape): Constraints {
  return {
    kind: shape.type,
    ...(shape.min !== undefined && { min: shape.min }),
    ...(shape.max !== undefined && { max: shape.max }),
    ...(shape.pattern !== undefined && { pattern: shape.pattern }),
    ...(shape.enum && { enum: shape.enum }),
    ...(shape.member && { element: shape.member.shape }),
    ...(shape.key && { key: shape.key.shape }),
    ...(shape.value && { value: shape.value.shape }),
  }
}

function oneLinePerEntry(source: ConstraintSource): string {
  const table = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')
  return `{\n "source": ${JSON.stringify(source.source)},\n "shapes": {\n${table(source.shapes)}\n },\n "members": {\n${table(source.members)}\n }\n}\n`
}

import * as data from '@aws-sdk/client-bedrock-agentcore'
import * as control from '@aws-sdk/client-bedrock-agentcore-control'
import { expect, test } from 'vitest'
import type { ServiceModel, Shape } from './index.js'
import { bedrockAgentCore, bedrockRuntime } from './index.js'

const commandsOf = (client: object) =>
  Object.keys(client).flatMap((name) => (/^[A-Z]\w+Command$/.test(name) ? [name.slice(0, -'Command'.length)] : []))

test('has the 171 control and 67 data operations of the AWS clients, and no other', () => {
  const named = (plane: string) =>
    Object.values(bedrockAgentCore.operations).flatMap((operation) => (operation.plane === plane ? [operation.name] : []))
  expect(named('control')).toHaveLength(171)
  expect(named('data')).toHaveLength(67)
  expect(named('control').sort()).toEqual(commandsOf(control).sort())
  expect(named('data').sort()).toEqual(commandsOf(data).sort())
})

test('has the five model operations', () => {
  expect(Object.keys(bedrockRuntime.operations)).toEqual([
    'Converse',
    'ConverseStream',
    'CountTokens',
    'InvokeModel',
    'InvokeModelWithResponseStream',
  ])
})

test.each([
  ['bedrock-agentcore', bedrockAgentCore],
  ['bedrock', bedrockRuntime],
])('%s leads nowhere that does not exist', (_, model: ServiceModel) => {
  const missing = Object.entries(model.shapes).flatMap(([name, shape]) =>
    targets(shape).flatMap((target) => (model.shapes[target] ? [] : [`${name} -> ${target}`])),
  )
  expect(missing).toEqual([])
  const operations = Object.values(model.operations)
  expect(operations.filter(({ input, output }) => !model.shapes[input] || !model.shapes[output])).toEqual([])
  expect(operations.flatMap(({ errors }) => errors).filter((error) => !model.shapes[error])).toEqual([])
})

test('every pattern is a regular expression, as AWS means it', () => {
  const patterns = Object.values(bedrockAgentCore.shapes).flatMap((shape) => (shape.kind === 'string' && shape.pattern ? [shape.pattern] : []))
  expect(patterns.length).toBeGreaterThan(200)
  for (const pattern of patterns) expect(() => new RegExp(`^(?:${pattern})$`, 'u')).not.toThrow()
})

test('knows every enum value that the pinned clients know', () => {
  const enums = Object.entries({ ...control, ...data }).filter(
    ([name, value]) => /^[A-Z]/.test(name) && typeof value === 'object' && !Array.isArray(value),
  )
  let compared = 0
  for (const [name, values] of enums) {
    const ours = [bedrockAgentCore.shapes[name], bedrockAgentCore.shapes[`Data${name}`]]
      .flatMap((shape) => (shape?.kind === 'string' && shape.enum ? [shape.enum] : []))
      .flat()
    if (ours.length === 0) continue
    compared += 1
    expect(ours).toEqual(expect.arrayContaining(Object.values(values as object)))
  }
  expect(compared).toBeGreaterThan(100)
})

test('memory operations declare their own server and throttling errors', () => {
  const memory = Object.values(bedrockAgentCore.operations).filter(({ errors }) => errors.includes('ServiceException'))
  expect(memory).toHaveLength(21)
  expect(memory.filter(({ errors }) => errors.includes('InternalServerException') || !errors.includes('ThrottledException'))).toEqual([])
})

function targets(shape: Shape): string[] {
  if ('members' in shape) return Object.values(shape.members).map((member) => member.shape)
  if (shape.kind === 'list') return [shape.element]
  return shape.kind === 'map' ? [shape.key, shape.value] : []
}

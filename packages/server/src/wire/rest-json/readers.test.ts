import { createContext, Script } from 'node:vm'
import type { ServiceModel } from '@agentworks/model'
import { bedrockAgentCore, bedrockRuntime } from '@agentworks/model'
import { describe, expect, test } from 'vitest'
import { deepest, noFaults } from './faults.js'
import { compileReaders } from './readers.js'

const model: ServiceModel = {
  service: 'test',
  operations: {},
  shapes: {
    string: { kind: 'string' },
    Short: { kind: 'string', min: 2, max: 4 },
    WidgetName: { kind: 'string', min: 1, pattern: '[a-z][a-z0-9_]*' },
    Level: { kind: 'string', enum: ['LOW', 'HIGH'] },
    integer: { kind: 'integer' },
    Percent: { kind: 'integer', min: 0, max: 100 },
    long: { kind: 'long' },
    float: { kind: 'float', min: 0 },
    boolean: { kind: 'boolean' },
    blob: { kind: 'blob', max: 3 },
    document: { kind: 'document' },
    timestamp: { kind: 'timestamp', format: 'default' },
    'date-time': { kind: 'timestamp', format: 'date-time' },
    Names: { kind: 'list', element: 'Short', min: 1, max: 2 },
    Tags: { kind: 'map', key: 'Short', value: 'integer', max: 2 },
    Either: { kind: 'union', members: { left: { shape: 'string' }, right: { shape: 'Inner' } } },
    Inner: { kind: 'structure', members: { must: { shape: 'string', required: true }, again: { shape: 'Inner' } } },
    Outer: { kind: 'structure', members: { inner: { shape: 'Inner' }, list: { shape: 'Inners' }, tags: { shape: 'Tags' } } },
    Inners: { kind: 'list', element: 'Inner' },
  },
}
const readers = compileReaders(model)

function read(shape: string, value: unknown, from = readers) {
  const faults = noFaults()
  return { value: from.of(shape)(value, faults), faults: faults.list }
}

describe('takes', () => {
  test.each([
    ['string', ''],
    ['Short', 'ab'],
    ['Short', '😀😀😀😀'],
    ['Level', 'LOW'],
    ['Percent', 100],
    ['integer', -(2 ** 31)],
    ['long', Number.MAX_SAFE_INTEGER],
    ['float', 0.5],
    ['boolean', false],
    ['document', { any: [1, null, 'x'] }],
    ['Names', ['ab']],
    ['Tags', { ab: 1, cd: 2 }],
    ['Either', { left: 'x' }],
    ['Inner', { must: 'x', again: { must: 'y' } }],
  ])('%s: %j', (shape, value) => {
    expect(read(shape, value)).toEqual({ value, faults: [] })
  })

  test('timestamps as epoch milliseconds', () => {
    expect(read('timestamp', 1.234).value).toBe(1234)
    expect(read('date-time', '2026-01-31T09:30:00.5+02:00').value).toBe(Date.UTC(2026, 0, 31, 7, 30, 0, 500))
  })

  test('blobs as bytes', () => {
    expect(read('blob', 'AQID').value).toEqual(Buffer.from([1, 2, 3]))
  })

  test('null as absent, unknown members as nothing', () => {
    expect(read('Either', { left: 'x', right: null, other: 1 })).toEqual({ value: { left: 'x' }, faults: [] })
    expect(read('Inner', { must: 'x', again: null, other: 1 })).toEqual({ value: { must: 'x' }, faults: [] })
  })

  test('a map key __proto__ as a key', () => {
    const { value } = read('Outer', JSON.parse('{"tags":{"__proto__":1},"__proto__":{"inner":{"must":"x"}}}'))
    expect(Object.keys(value as object)).toEqual(['tags'])
    expect(Object.getPrototypeOf((value as { tags: object }).tags)).toBe(Object.prototype)
  })
})

describe('refuses', () => {
  test.each([
    ['string', 1, 'must be a string'],
    ['Short', 'a', 'must have between 2 and 4 characters, has 1'],
    ['Short', 'abcde', 'must have between 2 and 4 characters, has 5'],
    ['Short', '😀', 'must have between 2 and 4 characters, has 1'],
    ['WidgetName', '9', 'must match the pattern [a-z][a-z0-9_]*'],
    ['WidgetName', 'ab\n', 'must match the pattern [a-z][a-z0-9_]*; ab_ would do'],
    ['WidgetName', 'my-agent', 'must match the pattern [a-z][a-z0-9_]*; my_agent would do'],
    ['Level', 'MIDDLE', 'must be one of: LOW, HIGH'],
    ['integer', 3.7, 'must be a whole number'],
    ['integer', '3', 'must be a whole number'],
    ['integer', 2 ** 31, 'must be between -2147483648 and 2147483647'],
    ['integer', JSON.parse('1e999'), 'must be a whole number'],
    ['Percent', 101, 'must be between 0 and 100'],
    ['long', 2 ** 53, 'must be between -9007199254740991 and 9007199254740991'],
    ['float', JSON.parse('1e999'), 'must be a finite number'],
    ['float', 'NaN', 'must be a finite number'],
    ['float', -1, 'must be at least 0'],
    ['boolean', 'true', 'must be true or false'],
    ['blob', 'A$==', 'must be a base64 string'],
    ['blob', 'AQIDBA==', 'must have at most 3 bytes, has 4'],
    ['timestamp', '2026-01-31T09:30:00Z', 'must be a number of seconds since 1970-01-01T00:00:00Z'],
    ['timestamp', 1e300, 'must be a number of seconds since 1970-01-01T00:00:00Z'],
    ['date-time', '2026-13-31T09:30:00Z', 'must be a date and time such as 2026-01-31T09:30:00Z'],
    ['date-time', 'yesterday', 'must be a date and time such as 2026-01-31T09:30:00Z'],
    ['Names', {}, 'must be a list'],
    ['Names', 'ab', 'must be a list'],
    ['Names', [], 'must have between 1 and 2 items, has 0'],
    ['Tags', [], 'must be an object'],
    ['Tags', { ab: 1, cd: 2, ef: 3 }, 'must have at most 2 entries, has 3'],
    ['Either', { left: 'x', right: { must: 'x' } }, 'must have exactly one member, has left and right'],
    ['Either', {}, 'must have exactly one member of: left, right'],
    ['Either', { other: 1 }, 'must have exactly one member of: left, right'],
    ['Either', [], 'must be an object'],
    ['Inner', 'x', 'must be an object'],
  ])('%s: %j', (shape, value, message) => {
    expect(read(shape, value).faults).toEqual([{ name: 'body', message }])
  })

  test('names the place of every fault', () => {
    const { faults } = read('Outer', { inner: {}, list: [{ must: 'x' }, null, { must: 'x', again: { must: 1 } }], tags: { abcde: 'x' } })
    expect(faults.map(({ name, message }) => `${name} ${message}`)).toEqual([
      'inner.must is required',
      'list[1] must not be null',
      'list[2].again.must must be a string',
      'tags.abcde must have between 2 and 4 characters, has 5',
      'tags.abcde must be a whole number',
    ])
  })

  test('and lists no more than twenty faults', () => {
    expect(read('Inners', new Array(1000).fill({})).faults).toHaveLength(20)
  })

  test('values nested so deep that they would exhaust the stack', () => {
    const nested = JSON.parse(`${'{"must":"x","again":'.repeat(50_000)}{"must":"x"}${'}'.repeat(50_000)}`)
    expect(read('Inner', nested).faults[0]?.message).toContain(`deeper than ${deepest}`)
    const document = JSON.parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)
    expect(read('document', document).faults[0]?.message).toContain(`deeper than ${deepest}`)
  })
})

test('no pattern of AWS is slow on any text that is long enough to be refused', () => {
  const units = [
    'a',
    'aA0',
    '0',
    '-',
    'a-',
    'a.',
    '/',
    'a/',
    ':',
    '{a}',
    ' ',
    'arn:aws:bedrock-agentcore:us-east-1:000000000000:a/',
    'https://a',
    'é',
  ]
  const sandbox = createContext({ pattern: '', text: '' })
  const script = new Script("new RegExp('^(?:' + pattern + ')$', 'u').test(text)")
  let tried = 0
  for (const [name, shape] of [...Object.entries(bedrockAgentCore.shapes), ...Object.entries(bedrockRuntime.shapes)]) {
    if (shape.kind !== 'string' || !shape.pattern) continue
    const longest = Math.min(shape.max ?? 2048, 131_072)
    for (const unit of units) {
      const text = `${unit.repeat(Math.ceil(longest / unit.length)).slice(0, longest - 1)}\u0001`
      Object.assign(sandbox, { pattern: shape.pattern, text })
      expect(() => script.runInContext(sandbox, { timeout: 500 }), `${name} on ${unit}`).not.toThrow()
      tried += 1
    }
  }
  expect(tried).toBeGreaterThan(3000)
})

test('every input of both services compiles', () => {
  for (const service of [bedrockAgentCore, bedrockRuntime]) {
    const all = compileReaders(service)
    for (const [name, shape] of Object.entries(service.shapes)) if (shape.kind !== 'blob-stream') all.of(name)
  }
})

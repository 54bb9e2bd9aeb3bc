import { describe, expect, it } from 'vitest'
import { exactlyParsed } from './exact-numbers.js'

describe('numbers of documents', () => {
  it.each([
    '12345678901234567890',
    '-9007199254740993',
    '1e400',
    '-1e-400',
    '3.14159265358979323846',
    '0.1000000000000000055511151231257827',
    '[1,{"a":99999999999999999999}]',
  ])('%s comes back as it was written', (text) => {
    expect(JSON.stringify(exactlyParsed(text))).toBe(text)
  })

  it.each(['1', '-0.5', '1.0', '100000', '1e21', '"12345678901234567890"', '0.30000000000000004', '1763671200.25'])(
    '%s is what JSON.parse makes of it',
    (text) => {
      expect(exactlyParsed(text) ?? JSON.parse(text)).toEqual(JSON.parse(text))
    },
  )

  it('are left to JSON.parse where the body is nested too deep for a second look', () => {
    const deep = 200_000
    expect(exactlyParsed(`{"n":12345678901234567890,"unknown":${'['.repeat(deep)}${']'.repeat(deep)}}`)).toBeUndefined()
  })
})

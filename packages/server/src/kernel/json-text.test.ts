import { expect, it } from 'vitest'
import { JsonText, jsonOf } from './json-text.js'

it('puts texts where their values stand, in their order, and leaves other values as JSON.stringify does', () => {
  const text = '{"$1":1e400,"n":1.0,"a":"$& \\u0000"}'
  const value = { first: new JsonText(text), list: [new JsonText('[]'), { 'a"b': new JsonText('"x"') }, null], plain: '$&' }
  expect(jsonOf(value)).toBe(`{"first":${text},"list":[[],{"a\\"b":"x"},null],"plain":"$&"}`)
  expect(jsonOf({ a: [1, 'two'], gone: undefined })).toBe('{"a":[1,"two"]}')
  expect(jsonOf(new JsonText('7'))).toBe('7')
})

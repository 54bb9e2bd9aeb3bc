import { expect, test } from 'vitest'
import { ArithmeticError, calculate, formatNumber } from './arithmetic.js'

const answers: [string, number][] = [
  ['42 * 137', 5754],
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['2 ^ 3 ^ 2', 512],
  ['2 ** 10', 1024],
  ['-2 ^ 2', -4],
  ['2 ^ -1', 0.5],
  ['--3', 3],
  ['17 % 5', 2],
  ['.5 + 1.25', 1.75],
  ['1e3 / 8', 125],
  ['6 × 7', 42],
]
test.each(answers)('computes %s', (expression, value) => {
  expect(calculate(expression)).toBe(value)
})

const refusals: [string, RegExp][] = [
  ['', /ends where a number/],
  ['2 +', /ends where a number/],
  ['(2 + 3', /closing parenthesis/],
  ['2 3', /did not expect "3"/],
  ['1 / 0', /division by zero/],
  ['1 / (2 - 2)', /division by zero/],
  ['9 ^ 9 ^ 9', /not a finite number/],
  ['process.exit(1)', /no arithmetic/],
  ['2 * x', /no arithmetic/],
  [`${'('.repeat(200)}1${')'.repeat(200)}`, /nested deeper/],
  ['-'.repeat(500), /nested deeper/],
  ['1'.repeat(1_001), /at most 1000/],
]
test.each(refusals)('refuses %s with the reason', (expression, reason) => {
  expect(() => calculate(expression)).toThrow(ArithmeticError)
  expect(() => calculate(expression)).toThrow(reason)
})

test('shows decimals without binary noise', () => {
  expect(formatNumber(calculate('0.1 + 0.2'))).toBe('0.3')
  expect(formatNumber(calculate('42 * 137'))).toBe('5754')
})

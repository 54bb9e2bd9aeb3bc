// Arithmetic without eval: + - * / % ^, parentheses, signs, decimals. ^ binds tightest and to the right, as on paper.

/** An expression that is no arithmetic, or has no number as its value. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError'
}

const longest = 1_000
const deepest = 100

type Token = { kind: 'number'; value: number; at: number } | { kind: 'sign'; sign: string; at: number }

export function calculate(expression: string): number {
  if (expression.length > longest) throw new ArithmeticError(`the expression has ${expression.length} characters; at most ${longest} are computed`)
  const reader = tokenReader(tokens(expression))
  const value = sum(reader, 0)
  const left = reader.peek()
  if (left) throw new ArithmeticError(`did not expect "${show(left)}" at position ${left.at + 1}`)
  if (!Number.isFinite(value)) throw new ArithmeticError('the result is not a finite number (division by zero, or too large)')
  return value
}

/** As a person writes it: 0.1 + 0.2 is 0.3, since binary noise past 15 digits is no part of the answer. */
export function formatNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number.parseFloat(value.toPrecision(15)))
}

type Reader = ReturnType<typeof tokenReader>

function tokenReader(list: Token[]) {
  let next = 0
  return {
    peek: (): Token | undefined => list[next],
    /** Consumes the next token when it is one of these signs. */
    take(signs: string): string | undefined {
      const token = list[next]
      if (token?.kind !== 'sign' || !signs.includes(token.sign)) return undefined
      next++
      return token.sign
    },
    number(): number | undefined {
      const token = list[next]
      if (token?.kind !== 'number') return undefined
      next++
      return token.value
    },
  }
}

function sum(reader: Reader, depth: number): number {
  let value = product(reader, depth)
  for (let sign = reader.take('+-'); sign; sign = reader.take('+-')) {
    const right = product(reader, depth)
    value = sign === '+' ? value + right : value - right
  }
  return value
}

function product(reader: Reader, depth: number): number {
  let value = signed(reader, depth)
  for (let sign = reader.take('*/%'); sign; sign = reader.take('*/%')) {
    const right = signed(reader, depth)
    if (sign !== '*' && right === 0) throw new ArithmeticError('division by zero')
    value = sign === '*' ? value * right : sign === '/' ? value / right : value % right
  }
  return value
}

function signed(reader: Reader, depth: number): number {
  if (depth > deepest) throw new ArithmeticError(`nested deeper than ${deepest} levels`)
  const sign = reader.take('+-')
  if (!sign) return power(reader, depth)
  const value = signed(reader, depth + 1)
  return sign === '-' ? -value : value
}

function power(reader: Reader, depth: number): number {
  const base = atom(reader, depth)
  return reader.take('^') ? base ** signed(reader, depth + 1) : base
}

function atom(reader: Reader, depth: number): number {
  const value = reader.number()
  if (value !== undefined) return value
  if (reader.take('(')) {
    const inner = sum(reader, depth + 1)
    if (!reader.take(')')) throw new ArithmeticError('a closing parenthesis is missing')
    return inner
  }
  const token = reader.peek()
  throw new ArithmeticError(
    token ? `expected a number at position ${token.at + 1}, found "${show(token)}"` : 'the expression ends where a number is expected',
  )
}

const tokenPattern = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(\*\*|[-+*/%^()×÷−]))/y
const spellings: Readonly<Record<string, string>> = { '**': '^', '×': '*', '÷': '/', '−': '-' }

function tokens(expression: string): Token[] {
  const list: Token[] = []
  const text = expression.trim()
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex
    const match = tokenPattern.exec(text)
    if (!match) throw new ArithmeticError(`"${text[at] ?? ''}" at position ${at + 1} is no arithmetic; known are numbers and + - * / % ^ ( )`)
    const [, number, sign = ''] = match
    list.push(number === undefined ? { kind: 'sign', sign: spellings[sign] ?? sign, at } : { kind: 'number', value: Number(number), at })
  }
  return list
}

function show(token: Token): string {
  return token.kind === 'number' ? String(token.value) : token.sign
}

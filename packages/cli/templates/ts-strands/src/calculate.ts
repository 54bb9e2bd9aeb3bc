/** One operation on two numbers, as in 6 * 7. */
export function calculate(expression: string): string {
  const [, left, operator, right] = /^\s*(-?[\d.]+)\s*([-+*/])\s*(-?[\d.]+)\s*$/.exec(expression) ?? []
  const [a, b] = [Number(left), Number(right)]
  switch (operator) {
    case '+':
      return String(a + b)
    case '-':
      return String(a - b)
    case '*':
      return String(a * b)
    case '/':
      return String(a / b)
    default:
      return `cannot calculate ${expression}`
  }
}

// Prints what was skipped, and why: a skip that nobody sees is a test that nobody has.
import type { Reporter, TestCase } from 'vitest/node'

export function skipReporter(print: (line: string) => void = console.log): Reporter {
  const skipped: string[] = []
  return {
    onTestCaseResult(test: TestCase) {
      const result = test.result()
      if (result.state === 'skipped') skipped.push(`SKIPPED ${test.fullName}: ${result.note ?? 'no reason given'}`)
    },
    onTestRunEnd() {
      for (const line of skipped) print(line)
      skipped.length = 0
    },
  }
}

// What passed, what failed, and what could not be tried and why.
import { writeFileSync } from 'node:fs'

/** Thrown where something that the test needs is not to be had here. */
export class NotToBeHad extends Error {
  override readonly name = 'NotToBeHad'
}

export interface Results {
  passed(name: string, ms?: number): void
  failed(name: string, why: string): void
  /** Runs one test; a NotToBeHad skips it. */
  test(name: string, work: () => Promise<void>): Promise<void>
  /** Prints the sum, leaves it where CI wants it, and says the exit code. */
  close(): number
}

export function results(file: string | undefined): Results {
  let numPassedTests = 0
  let numFailedTests = 0
  const self: Results = {
    passed(name, ms) {
      numPassedTests += 1
      console.log(`ok      ${name}${ms === undefined ? '' : ` (${Math.round(ms)} ms)`}`)
    },
    failed(name, why) {
      numFailedTests += 1
      console.log(`FAILED  ${name}\n        ${why.replaceAll('\n', '\n        ')}`)
    },
    async test(name, work) {
      const from = performance.now()
      try {
        await work()
        self.passed(name, performance.now() - from)
      } catch (fault) {
        const why = fault instanceof Error ? fault.message : String(fault)
        if (fault instanceof NotToBeHad) console.log(`SKIPPED ${name}: ${why}`)
        else self.failed(name, why)
      }
    },
    close() {
      if (file) writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests }))
      console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
      return numFailedTests === 0 ? 0 : 1
    },
  }
  return self
}

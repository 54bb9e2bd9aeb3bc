import { defineConfig } from 'vitest/config'
import { skipReporter } from './tools/skip-reporter.ts'

const source = ['agentworks-source', 'node']

/** Where CI wants the results as JSON, to count them. */
const resultsFile = process.env.AGENTWORKS_TEST_RESULTS

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'conformance/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', skipReporter(), ...(resultsFile ? ['json'] : [])],
    outputFile: resultsFile,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})

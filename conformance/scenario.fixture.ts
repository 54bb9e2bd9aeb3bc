// A scenario is a test that cites what it proves. The report is made from these names.
import { type TestContext, test } from 'vitest'
import { type RequirementId, requirements } from './requirements.ts'

export function scenario(id: RequirementId, client: 'js' | 'raw', work: (context: TestContext) => Promise<void>, timeoutMs = 60_000): void {
  test(`[${id}] (${client}) ${requirements[id].promise}`, work, timeoutMs)
}

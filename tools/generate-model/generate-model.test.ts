import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('the committed model is what the generator writes', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  expect(execFileSync(process.execPath, [main, '--check'], { encoding: 'utf8' })).toContain('5 files are up to date')
})

// `npm run check`: every check, each with its time. All of them run, so that one push can mend all that is wrong.
import { spawnSync } from 'node:child_process'
import { repositoryRoot } from './source-files.ts'

/** `npm test` runs them: they start sandboxes, an engine of containers, whole platforms, and take minutes. */
function withoutThe(...patterns: string[]): string[] {
  return patterns.flatMap((pattern) => ['--exclude', pattern])
}

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings'],
  ['types', 'tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['rooms', 'node', 'tools/check-rooms.ts'],
  ['size', 'node', 'tools/check-size.ts'],
  ['names', 'node', 'tools/check-names.ts'],
  ['documents', 'node', 'tools/check-docs.ts'],
  ['dead code', 'knip', '--no-progress'],
  ['unit tests', 'vitest', 'run', 'packages', 'tools', ...withoutThe('**/sandbox-*/**', 'packages/cli/src/*.test.ts')],
]

const failed: string[] = []
const startedAt = performance.now()
for (const [name, command, ...args] of checks) {
  const from = performance.now()
  const { status, error } = spawnSync(command, args, { cwd: repositoryRoot, stdio: 'inherit', shell: process.platform === 'win32' })
  if (error) console.error(`${command}: ${error.message}; run it by 'npm run check', after 'npm ci'`)
  if (status !== 0) failed.push(name)
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}, ${seconds(from)}`)
}
console.log(
  `${checks.length - failed.length} of ${checks.length} checks passed in ${seconds(startedAt)}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
)
process.exitCode = failed.length > 0 ? 1 : 0

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`
}

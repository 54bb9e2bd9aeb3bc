// `npm run conformance`: asks, runs, and writes docs/conformance.md. With --check it writes nothing and fails when the page is another.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeDataDir, startPlatform } from './platform.fixture.ts'
import { conformancePage } from './report/page.ts'
import { probeAll } from './report/probe.ts'
import { runScenarios } from './report/proofs.ts'

const repository = join(import.meta.dirname, '..')
const path = join(repository, 'docs/conformance.md')
const isCheck = process.argv.includes('--check')

const proofs = runScenarios(repository)
const platform = await startPlatform()
const probed = await probeAll(platform).finally(() => removeDataDir(platform))
const page = conformancePage(probed, proofs)
console.log(
  `asked for ${probed.length} operations: ${probed.filter(({ verdict }) => verdict === 'executes').length} execute; ${proofs.size} promises proved`,
)

if (!isCheck) {
  writeFileSync(path, page)
  console.log(`wrote ${path}`)
} else if (page === readFileSync(path, 'utf8')) {
  console.log('docs/conformance.md tells the truth')
} else {
  console.error('docs/conformance.md is not what was seen\nfix: npm run conformance')
  process.exitCode = 1
}

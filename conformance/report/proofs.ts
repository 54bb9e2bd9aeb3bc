// Runs the scenarios and reads which promises they proved.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proofs } from './page.ts'

interface VitestResults {
  testResults: { assertionResults: { title: string; status: string }[] }[]
}

/** Other tests beside the scenarios prove no promise. */
const scenarioTitle = '\\[[\\w.-]+\\] \\(\\w+\\) '

/** A promise counts for a client when every scenario of it with that client passed. */
export function runScenarios(repository: string): Proofs {
  const scratch = mkdtempSync(join(tmpdir(), 'aw-conformance-report-'))
  try {
    const outputFile = join(scratch, 'results.json')
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const { AGENTWORKS_TEST_RESULTS: _elsewhere, ...env } = process.env
    const args = [
      vitest,
      'run',
      'conformance/scenarios',
      '-t',
      scenarioTitle,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${outputFile}`,
    ]
    spawnSync(process.execPath, args, { cwd: repository, env, stdio: ['ignore', 'inherit', 'inherit'] })
    return proofsIn(JSON.parse(readFileSync(outputFile, 'utf8')) as VitestResults)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function proofsIn({ testResults }: VitestResults): Proofs {
  const proved = new Map<string, Set<string>>()
  const broken = new Set<string>()
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const [, id, client] = /^\[([\w.-]+)\] \((\w+)\)/.exec(title) ?? []
    if (id === undefined || client === undefined) continue
    if (status === 'passed') proved.set(id, (proved.get(id) ?? new Set()).add(client))
    else broken.add(`${id} ${client}`)
  }
  for (const [id, clients] of proved) {
    for (const client of clients) if (broken.has(`${id} ${client}`)) clients.delete(client)
    if (clients.size === 0) proved.delete(id)
  }
  return proved
}

// `npm run test:interop`, or only some suites: `npm run test:interop -- boto3 documents`. Third-party clients and guests against a platform of its own. What is not to be had here is skipped by name.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { clientsOf, startPlatform } from '../conformance/platform.fixture.ts'
import { a2aSuites } from './a2a-servers.ts'
import { boto3Suites } from './boto3.ts'
import { commandLine } from './command-line.ts'
import { createdSuites } from './created.ts'
import { documentSuites } from './document-agents.ts'
import { autoGenSuite, frameworkSuites } from './frameworks.ts'
import { guestSuites } from './guests.ts'
import { identitySuites } from './identity.ts'
import { memorySuites } from './memory.ts'
import { results as newResults } from './results.ts'
import { webSocketSuites } from './web-sockets.ts'

const results = newResults(process.env.AGENTWORKS_TEST_RESULTS)
const platform = await startPlatform()
const clients = clientsOf(platform)
const cli = commandLine(platform)
try {
  const scratch = join(platform.dataDir, 'interop-scratch')
  mkdirSync(scratch)
  const env = { PATH: platform.env.PATH ?? '', HOME: scratch, ...(await cli.env()) }
  const world = { results, platform, cli, clients }
  const suites: Record<string, () => Promise<void>> = {
    created: () => createdSuites({ results, cli, env, scratch }),
    boto3: () => boto3Suites({ results, env, scratch }),
    sdks: () => guestSuites(world),
    identity: () => identitySuites(world),
    'web-sockets': () => webSocketSuites({ results, env, clients }),
    documents: () => documentSuites(world),
    frameworks: () => frameworkSuites(world),
    a2a: () => a2aSuites(world),
    memory: () => memorySuites({ results, env, scratch }),
    autogen: () => autoGenSuite(world),
  }
  const named = process.argv.slice(2)
  const wanted = named.length > 0 ? named : Object.keys(suites).filter((one) => one !== 'autogen')
  // Two at a time, the longest first: most of a suite is waiting for registries, and for agents that start.
  await Promise.all([lane(suites, wanted), lane(suites, wanted)])
} finally {
  for (const client of Object.values(clients)) client.destroy()
  await results.test('the platform ends in order after all that', stopInTime)
}

async function lane(suites: Record<string, () => Promise<void>>, wanted: string[]): Promise<void> {
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    const suite = suites[name]
    if (!suite) results.failed(`the suite ${name}`, `there is none of this name; there are ${Object.keys(suites).join(', ')}`)
    else
      await suite().catch((fault: unknown) =>
        results.failed(`the suite ${name} runs to its end`, fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)),
      )
  }
}

/** A platform that does not end would hold up whoever waits for these results. */
async function stopInTime(): Promise<void> {
  const giveUp = setTimeout(() => void platform.kill(), 20_000)
  const code = await platform.stop()
  clearTimeout(giveUp)
  rmSync(platform.dataDir, { recursive: true, force: true })
  if (code !== 0) throw new Error(`exit code ${code} within 20 s of SIGTERM`)
}

process.exitCode = results.close()

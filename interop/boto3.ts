// boto3 and the aws command, pointed at the platform by what `agentworks env` prints.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeAgent, pythonAgent } from '../conformance/agents.fixture.ts'
import { NotToBeHad, type Results } from './results.ts'
import { lastWords, type Ran, runProgram } from './run-program.ts'
import { pythonTools } from './third-party.ts'

export interface Surroundings {
  results: Results
  /** What a client needs to reach the platform, and PATH and HOME. */
  env: Record<string, string>
  scratch: string
}

const suiteMs = 120_000

export async function boto3Suites({ results, env, scratch }: Surroundings): Promise<void> {
  const agents = { node: join(scratch, 'main.js'), python: join(scratch, 'main.py') }
  writeFileSync(agents.node, nodeAgent)
  writeFileSync(agents.python, pythonAgent)
  const tools = await pythonTools().catch((fault: unknown) => {
    if (!(fault instanceof NotToBeHad)) throw fault
    console.log(`SKIPPED boto3 and the aws command: ${fault.message}`)
    return undefined
  })
  if (!tools) return
  for (const suite of ['runtime_suite.py', 'services_suite.py', 'identity_suite.py', 'memory_events_suite.py', 'memory_records_suite.py'])
    await pythonSuite(suite, [agents.node, agents.python])
  await awsCommand()

  async function pythonSuite(file: string, args: string[]): Promise<void> {
    let told = 0
    const onLine = (line: string) => {
      const { name, ok, why, ms } = JSON.parse(line) as { name: string; ok: boolean; why: string; ms: number }
      told += 1
      if (ok) results.passed(`boto3 ${name}`, ms)
      else results.failed(`boto3 ${name}`, why)
    }
    const ran = await runProgram(tools?.python ?? '', [join(import.meta.dirname, 'boto3', file), ...args], { env, limitMs: suiteMs, onLine })
    if (ran.code !== 0 || told === 0) results.failed(`boto3 ${file} runs to its end`, lastWords(ran))
  }

  async function awsCommand(): Promise<void> {
    const aws = async (...args: string[]): Promise<Ran> => {
      const ran = await runProgram(tools?.aws ?? '', args, { env, limitMs: 60_000 })
      if (ran.code !== 0) throw new Error(`aws ${args.join(' ')}: ${lastWords(ran)}`)
      return ran
    }
    await results.test('the aws command copies, lists and removes files, large ones in parts', async () => {
      const from = join(scratch, 'from.bin')
      const to = join(scratch, 'to.bin')
      writeFileSync(from, randomBytes(9_000_000))
      mkdirSync(join(scratch, 'empty'), { recursive: true })
      await aws('s3', 'mb', 's3://interop-files')
      await aws('s3', 'cp', from, 's3://interop-files/folder/file.bin')
      expectMatch((await aws('s3', 'ls', 's3://interop-files/folder/')).stdout, /9000000 file\.bin/)
      await aws('s3', 'cp', 's3://interop-files/folder/file.bin', to)
      if (!readFileSync(from).equals(readFileSync(to))) throw new Error('the file came back otherwise')
      await aws('s3', 'rm', '--recursive', 's3://interop-files')
      await aws('s3', 'rb', 's3://interop-files')
    })
    await results.test('the aws command lists runtimes', async () => {
      const { stdout } = await aws('bedrock-agentcore-control', 'list-agent-runtimes', '--output', 'json')
      if (!Array.isArray((JSON.parse(stdout) as { agentRuntimes: unknown }).agentRuntimes)) throw new Error(stdout)
    })
    await results.test('the aws command says who signs', async () => {
      expectMatch((await aws('sts', 'get-caller-identity', '--output', 'text')).stdout, /arn:aws:iam::000000000000:root/)
    })
  }
}

function expectMatch(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`${pattern} is not in: ${text.slice(0, 400)}`)
}

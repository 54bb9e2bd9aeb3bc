// Every project that `agentworks create` writes: created, its own tests run, deployed, asked. The model is the platform's offline one.
import { match } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandLine } from './command-line.ts'
import type { Results } from './results.ts'
import { lastWords, runProgram } from './run-program.ts'
import { hostPythons, pythonWith } from './third-party.ts'

interface CreatedWorld {
  results: Results
  cli: CommandLine
  /** What a client needs to reach the platform: with it, the projects' tests ask its model. */
  env: Record<string, string>
  scratch: string
}

const testMs = 120_000
const add = { method: 'tools/call', params: { name: 'add', arguments: { a: 2, b: 40 } } }
const sum = { prompt: 'What is 42 * 137?' }
const hello = { prompt: 'Hello' }
const message = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }
const run = {
  threadId: 't',
  runId: 'r',
  messages: [{ id: '1', role: 'user', content: 'Hello' }],
  tools: [],
  context: [],
  state: {},
  forwardedProps: {},
}

const projects: readonly (readonly [framework: string, language: string, protocol: string, payload: unknown, answer: RegExp])[] = [
  ['none', 'ts', 'HTTP', hello, /You said: Hello/],
  ['none', 'ts', 'MCP', add, /42/],
  ['none', 'ts', 'A2A', { method: 'message/send', params: { message } }, /Hello/],
  ['none', 'ts', 'AGUI', run, /You said: Hello/],
  ['none', 'python', 'HTTP', hello, /You said: Hello/],
  ['strands', 'ts', 'HTTP', sum, /5754/],
  ['langgraph', 'ts', 'HTTP', sum, /5754/],
  ['vercel-ai', 'ts', 'HTTP', sum, /5754/],
  ['strands', 'python', 'HTTP', sum, /5754/],
  ['langgraph', 'python', 'HTTP', sum, /5754/],
]

export async function createdSuites({ results, cli, env, scratch }: CreatedWorld): Promise<void> {
  const python = (await hostPythons())[0]
  for (const [framework, language, protocol, payload, answer] of projects) {
    const name = `made-${language}-${framework}-${protocol.toLowerCase()}`
    await results.test(
      `create --framework ${framework} --language ${language} --protocol ${protocol}: its tests pass, it deploys and answers`,
      async () => {
        const { dir } = await cli.create(scratch, [name, '--framework', framework, '--language', language, '--protocol', protocol])
        const [program, ...args] = await testCommand(name, language, dir)
        const tested = await runProgram(program, args, { env, cwd: dir, limitMs: testMs })
        if (tested.code !== 0) throw new Error(`its tests: ${lastWords(tested)}`)
        const runtime = name.replaceAll('-', '_')
        await cli.deploy(dir, runtime, { path: python?.folder, more: ['--protocol', protocol] })
        const { response } = await cli.invoke(runtime, payload).catch(async (fault: Error) => {
          throw new Error(`${fault.message}\n${(await cli.logs(runtime)).split('\n').slice(-12).join('\n')}`)
        })
        match(JSON.stringify(response), answer)
      },
    )
  }
}

async function testCommand(name: string, language: string, dir: string): Promise<[string, ...string[]]> {
  if (language === 'ts') return ['npm', 'test']
  const file = join(dir, 'requirements-dev.txt')
  const own =
    language === 'python' && readFileSync(file, 'utf8').includes('requirements.txt') ? readFileSync(join(dir, 'requirements.txt'), 'utf8') : ''
  return [await pythonWith(name, file, readFileSync(file, 'utf8') + own), '-m', 'pytest', '-q']
}

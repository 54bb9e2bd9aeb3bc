// The guests' WebSockets, opened by the official TypeScript client and by Python's websockets library with botocore's signature.
import { deepEqual } from 'node:assert/strict'
import { join } from 'node:path'
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import type { Clients } from '../conformance/platform.fixture.ts'
import { NotToBeHad, type Results } from './results.ts'
import { lastWords, type Ran, runProgram } from './run-program.ts'
import { nodeGuest, pythonSdk, pythonTools } from './third-party.ts'

interface WebSocketWorld {
  results: Results
  env: Record<string, string>
  clients: Clients
}

const talkMs = 60_000

export async function webSocketSuites({ results, env, clients }: WebSocketWorld): Promise<void> {
  const { agentRuntimes = [] } = await clients.control.send(new ListAgentRuntimesCommand({ maxResults: 100 }))
  const arnOf = (found: RegExp) => {
    const arn = agentRuntimes.find(({ agentRuntimeName }) => found.test(agentRuntimeName ?? ''))?.agentRuntimeArn
    if (!arn) throw new NotToBeHad('its agent was not deployed before')
    return arn
  }
  await results.test("the official RuntimeClient talks to the TypeScript SDK's app, signed and presigned", async () => {
    const folder = await nodeGuest('typescript-sdk')
    await talks((args) => runProgram(process.execPath, [join(folder, 'talk.mjs'), ...args], { env, limitMs: talkMs }), arnOf(/^typescript$/))
  })
  await results.test("Python's websockets talks to the Python SDK's app, signed and presigned by botocore", async () => {
    const { python } = await pythonTools()
    const program = join(import.meta.dirname, 'websocket/talk.py')
    await talks((args) => runProgram(python, [program, ...args], { env, limitMs: talkMs }), arnOf(/^python_/))
  })
  await results.test("the official Python SDK's ShellSession types into a shell, is taken over and hears the exit code", async () => {
    const program = join(import.meta.dirname, 'websocket/shell.py')
    const ran = await runProgram(await pythonSdk(), [program, arnOf(/^(typescript|python_)/), `shelled-${'0'.repeat(33)}`], { env, limitMs: talkMs })
    if (ran.code !== 0) throw new Error(lastWords(ran))
  })
}

async function talks(run: (args: string[]) => Promise<Ran>, arn: string): Promise<void> {
  const session = `talking-${'0'.repeat(33)}`
  const ran = await run([arn, session])
  if (ran.code !== 0) throw new Error(lastWords(ran))
  const answers = ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  deepEqual(answers, [
    { said: 'signed', session },
    { said: 'presigned', session },
  ])
}

// Agents on the official SDKs, unmodified, deployed by our command line and asked by the stock client.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import type { GuestWorld } from './answers.ts'
import { NotToBeHad } from './results.ts'
import { hostPythons, nodeGuest } from './third-party.ts'

const guest = (name: string) => join(import.meta.dirname, 'guests', name)

export async function guestSuites(world: GuestWorld): Promise<void> {
  const { results } = world
  const pythons = await hostPythons()
  for (const version of ['3.11', '3.12', '3.13']) {
    await results.test(`the Python SDK's app answers, streams and fails on Python ${version}`, async () => {
      const python = pythons.find((found) => found.version === version)
      if (!python) throw new NotToBeHad(`this host has no python${version} with pip`)
      await pythonApp(world, python.folder, version)
    })
  }
  await results.test('a Strands agent on BedrockModel calls its tool and answers', async () => {
    const python = pythons[0]
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    await world.cli.deploy(guest('strands'), 'strands', { path: python.folder })
    const { response } = await answered(world, 'strands', { prompt: 'What is 42 * 137?' })
    match(JSON.stringify(response), /5754/)
  })
  await results.test('opentelemetry-instrument of the AWS distribution records what an agent does', async () => {
    const python = pythons[0]
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    await world.cli.deploy(guest('instrumented'), 'instrumented', {
      path: python.folder,
      more: ['--entry-point', 'opentelemetry-instrument main.py'],
    })
    const { response } = await answered(world, 'instrumented', {})
    deepEqual(response, { recording: true })
  })
  await results.test("the TypeScript SDK's app answers and streams", () => typeScriptApp(world))
}

async function pythonApp(world: GuestWorld, path: string, version: string): Promise<void> {
  const name = `python_${version.replace('.', '_')}`
  const { agentRuntimeArn } = await world.cli.deploy(guest('python-sdk'), name, { path })
  const { statusCode, response } = await answered(world, name, { prompt: 'Hello' })
  const said = response as { said: string; python: string; session: string }
  deepEqual([statusCode, said.said, said.python], [200, 'Hello', version])
  ok(said.session.length >= 33)
  await streamsApart(world, agentRuntimeArn)
  await refusedWith424(world, agentRuntimeArn)
}

async function typeScriptApp(world: GuestWorld): Promise<void> {
  const folder = await nodeGuest('typescript-sdk')
  const { agentRuntimeArn } = await world.cli.deploy(folder, 'typescript')
  const { response } = await answered(world, 'typescript', { prompt: 'Hello' })
  equal((response as { said: string }).said, 'Hello')
  await streamsApart(world, agentRuntimeArn)
}

/** An agent that does not answer is only understood with its own output. */
async function answered({ cli }: GuestWorld, name: string, payload: unknown): Promise<{ statusCode: number; response: unknown }> {
  return cli.invoke(name, payload).catch(async (fault: Error) => {
    const output = (await cli.logs(name)).trim().split('\n').slice(-12).join('\n')
    throw new Error(`${fault.message}\nits output:\n${output}`)
  })
}

async function streamsApart({ clients }: GuestWorld, agentRuntimeArn: string): Promise<void> {
  const payload = Buffer.from(JSON.stringify({ prompt: 'one two three', stream: true }))
  const answer = await clients.data.send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload, contentType: 'application/json', accept: 'text/event-stream' }),
  )
  match(answer.contentType ?? '', /^text\/event-stream/)
  const arrivals: { text: string; at: number }[] = []
  for await (const piece of answer.response as AsyncIterable<Uint8Array>) arrivals.push({ text: Buffer.from(piece).toString(), at: Date.now() })
  const words = [
    ...arrivals
      .map(({ text }) => text)
      .join('')
      .matchAll(/"word": ?"(\w+)"/g),
  ].map(([, word]) => word)
  deepEqual(words, ['one', 'two', 'three'])
  const spread = (arrivals.at(-1)?.at ?? 0) - (arrivals[0]?.at ?? 0)
  ok(spread > 150, `the pieces came within ${spread} ms`)
}

async function refusedWith424({ clients }: GuestWorld, agentRuntimeArn: string): Promise<void> {
  const failing = clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from('{"fail":true}') }))
  const fault = await failing.then(
    () => undefined,
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => error,
  )
  deepEqual([fault?.name, fault?.$metadata?.httpStatusCode], ['RuntimeClientError', 424])
}

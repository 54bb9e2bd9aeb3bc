// A2A servers on the official SDKs, deployed as they are and spoken to by the official client, through the platform.
import { equal, match, ok } from 'node:assert/strict'
import { Role } from '@a2a-js/sdk'
import { ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory } from '@a2a-js/sdk/client'
import { signedFetch } from '../conformance/signed-fetch.fixture.ts'
import type { GuestWorld } from './answers.ts'
import { NotToBeHad } from './results.ts'
import { hostPythons, nodeGuest, pythonGuest } from './third-party.ts'

export async function a2aSuites(world: GuestWorld): Promise<void> {
  const { results, cli } = world
  const more = ['--protocol', 'A2A']
  await results.test('an A2A server on the Python a2a-sdk does a task for the official client, at once and streamed', async () => {
    const [python] = await hostPythons()
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    const { agentRuntimeArn } = await cli.deploy(await pythonGuest('a2a-python', python), 'a2a_python', { path: python.folder, more })
    await doesTask(world, 'a2a_python', agentRuntimeArn)
  })
  await results.test('an A2A server on @a2a-js/sdk does a task for the official client, at once and streamed', async () => {
    const { agentRuntimeArn } = await cli.deploy(await nodeGuest('a2a-node'), 'a2a_node', { more })
    await doesTask(world, 'a2a_node', agentRuntimeArn)
  })
}

async function doesTask({ platform, cli }: GuestWorld, name: string, agentRuntimeArn: string): Promise<void> {
  // One session for the card and the task: whoever keeps tasks in memory keeps them in one session.
  const signed = signedFetch(platform)
  const fetchImpl: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('x-amzn-bedrock-agentcore-runtime-session-id', `${name}-${'0'.repeat(33)}`)
    return signed(request)
  }
  try {
    const url = `${platform.url}/runtimes/${encodeURIComponent(agentRuntimeArn)}/invocations`
    const cardResolver = new DefaultAgentCardResolver({ fetchImpl })
    const card = await cardResolver.resolve(`${url}/`, '.well-known/agent-card.json')
    equal(card.supportedInterfaces[0]?.url, url)
    const client = await new ClientFactory({ transports: [new JsonRpcTransportFactory({ fetchImpl })], cardResolver }).createFromAgentCard(card)
    const request = (text: string) => ({
      message: {
        messageId: crypto.randomUUID(),
        contextId: '',
        taskId: '',
        role: Role.ROLE_USER,
        parts: [{ content: { $case: 'text' as const, value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' }],
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      },
      configuration: undefined,
      metadata: undefined,
      tenant: '',
    })
    const task = await client.sendMessage(request('hello'))
    ok('id' in task, 'the answer is no task')
    match(JSON.stringify(task), /HELLO/)
    match(JSON.stringify(await client.getTask({ id: task.id, tenant: '', historyLength: undefined })), /HELLO/)
    const events: string[] = []
    for await (const event of client.sendMessageStream(request('again'))) events.push(JSON.stringify(event))
    ok(events.length >= 3, `${events.length} events came`)
    match(events.join(), /AGAIN/)
  } catch (fault) {
    throw new Error(`${String(fault)}\nits output:\n${(await cli.logs(name)).trim().split('\n').slice(-12).join('\n')}`, { cause: fault })
  }
}

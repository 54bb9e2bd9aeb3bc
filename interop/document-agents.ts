// The agents of the mission documents as they stand there, deployed by our command line and asked by stock clients.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask as askSocket, closing, dial, opened } from '../conformance/web-socket.fixture.ts'
import { answerOf, type GuestWorld, itemsOf } from './answers.ts'
import { codeOf } from './documents.ts'
import { NotToBeHad } from './results.ts'
import { hostPythons, pythonGuest } from './third-party.ts'

const guide = '4-agentcore-sdk-guide.md'
/** For those blocks of the guide that are a part of an agent. */
const app = 'from bedrock_agentcore import BedrockAgentCoreApp\n\napp = BedrockAgentCoreApp()\n\n'
const run = '\n\napp.run()\n'
const mainly = { prompt: 'What is 42 * 137?' }

interface ModelEvent {
  event?: { contentBlockDelta?: { delta: { text?: string } } }
}

export async function documentSuites(world: GuestWorld): Promise<void> {
  const { results, platform, cli } = world

  await results.test("document 2's agent.py completes a prompt, started by uvicorn as its Dockerfile has it", async () => {
    await deployed('agent', codeOf('2-deployment-plan.md', '@app.entrypoint'), 'main.py')
    deepEqual(await answerOf(world, 'doc_agent', { prompt: 'Hello!' }), { completion: '[offline model] Hello! I am a helpful AI assistant.\n' })
  })

  await results.test("document 4's sample agents answer, async and sync", async () => {
    await deployed('sample', codeOf(guide, 'sample_agent.py'))
    deepEqual(await answerOf(world, 'doc_sample', { prompt: 'Hello' }), { response: 'You said: Hello' })
    deepEqual(await answerOf(world, 'doc_sample', {}), { response: 'You said: No prompt provided' })
    await deployed('sample_sync', app + codeOf(guide, 'Sync function') + run)
    deepEqual(await answerOf(world, 'doc_sample_sync', {}), { response: 'Hello from sync handler' })
  })

  await results.test("document 4's generators stream, async and sync", async () => {
    await deployed('streaming', codeOf(guide, '"chunk": "final"'))
    const chunks = [0, 1, 2, 3, 4].map((chunk) => ({ chunk, text: `Processing chunk ${chunk}...` }))
    deepEqual(await itemsOf(world, 'doc_streaming', { prompt: 'Go' }), [...chunks, { chunk: 'final', text: 'Done!' }])
    await deployed('streaming_sync', app + codeOf(guide, 'Sync generator') + run)
    deepEqual(
      await itemsOf(world, 'doc_streaming_sync', {}),
      chunks.map(({ chunk }) => ({ chunk })),
    )
  })

  await results.test("document 4's WebSocket agent echoes, streams and closes", async () => {
    const { agentRuntimeArn } = await deployed('websocket', codeOf(guide, 'test_websocket_agent.py'))
    const sessionId = `documented-${'0'.repeat(33)}`
    const socket = await dial(platform, agentRuntimeArn, { headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId } })
    await opened(socket)
    const echo = await askSocket(socket, '{"action":"echo","message":"Hello"}')
    deepEqual(JSON.parse(echo), { type: 'echo_response', message: 'Hello', session_id: sessionId })
    const heard: unknown[] = []
    const complete = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        heard.push(JSON.parse(String(data)))
        if (heard.length === 3) resolve()
      })
    })
    socket.send('{"action":"stream","count":2}')
    await complete
    deepEqual(heard, [
      { type: 'stream_chunk', chunk_id: 0, data: 'Chunk 1 of 2' },
      { type: 'stream_chunk', chunk_id: 1, data: 'Chunk 2 of 2' },
      { type: 'stream_complete' },
    ])
    const closed = closing(socket)
    socket.send('{"action":"close"}')
    equal((await closed).code, 1000)
  })

  await results.test("document 4's Strands agents answer with their default model: simple, chat, with tools", async () => {
    await deployed('strands', codeOf(guide, 'test_simple_agent.py', 'AgentCoreApp(debug=True)'))
    match(JSON.stringify(await answerOf(world, 'doc_strands', { message: 'Hello' })), /\[offline model\] Hello!/)
    await deployed('chat', codeOf(guide, 'async def chat'))
    const { response } = (await answerOf(world, 'doc_chat', { prompt: 'Hello' })) as { response: { role: string } }
    equal(response.role, 'assistant')
    match(JSON.stringify(response), /I am a helpful assistant/)
    await deployed('tools', codeOf(guide, 'get_weather'))
    match(JSON.stringify(await answerOf(world, 'doc_tools', mainly)), /5754/)
    match(JSON.stringify(await answerOf(world, 'doc_tools', { prompt: 'What is the weather in Paris?' })), /Weather in Paris: Sunny/)
  })

  await results.test("document 4's streaming Strands agent streams the model's words", async () => {
    await deployed('strands_streaming', codeOf(guide, 'streaming_agent.py'))
    const items = await itemsOf(world, 'doc_strands_streaming', { prompt: 'Hello' })
    // The agent's own events hold objects that are no JSON, which the SDK sends as text; those of the model are JSON.
    const words = items.flatMap((item) => (item as ModelEvent).event?.contentBlockDelta?.delta.text ?? [])
    ok(words.length > 1)
    match(words.join(''), /^\[offline model\] Hello!/)
  })

  async function deployed(name: string, code: string, entryPoint = `${name}.py`) {
    const [python] = await hostPythons()
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    const folder = await pythonGuest('documents', python)
    writeFileSync(join(folder, `${name}.py`), code)
    return cli.deploy(folder, `doc_${name}`, { path: python.folder, more: ['--entry-point', entryPoint] })
  }
}

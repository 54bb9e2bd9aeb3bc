// The agents of the mission documents as they stand there, deployed by our command line and asked by stock clients.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask as askSocket, closing, dial, opened } from '../conformance/web-socket.fixture.ts'
import { answerOf, type GuestWorld, itemsOf } from './answers.ts'
import { codeOf } from './documents.ts'
import { NotToBeHad } from './results.ts'
import { lastWords, runProgram } from './run-program.ts'
import { hostPythons, pythonGuest, pythonWith } from './third-party.ts'

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

  await results.test(
    "document 3's FastMCP server is called by its MCP client (stateless_http told to FastMCP, whose run knows no such word)",
    async () => {
      const code = codeOf('3-agentcore-developer-guide.md', 'FastMCP')
      const corrected = code.replace(/,\s*stateless_http=True/, '').replace('FastMCP("agent-name")', 'FastMCP("agent-name", stateless_http=True)')
      ok(corrected !== code && !/run\([^)]*stateless_http/.test(corrected), 'the document has another server now')
      const { agentRuntimeArn } = await deployed('fastmcp', corrected, 'fastmcp.py', { guest: 'fastmcp', protocol: 'MCP' })
      const requirements = join(import.meta.dirname, 'mcp/requirements.txt')
      const python = await pythonWith('mcp-client', requirements, readFileSync(requirements, 'utf8'))
      const call = [join(import.meta.dirname, 'mcp/call.py'), agentRuntimeArn, 'search_tool', '{"query": "agents"}']
      const env = { PATH: platform.env.PATH ?? '', ...(await cli.env()) }
      const ran = await runProgram(python, call, { env, limitMs: 60_000 })
      if (ran.code !== 0) throw new Error(`${lastWords(ran)}\nits output:\n${await cli.logs('doc_fastmcp')}`)
      const { tools, text } = JSON.parse(ran.stdout) as { tools: string[]; text: string }
      deepEqual([tools, JSON.parse(text)], [['search_tool'], { results: 'search results' }])
    },
  )

  await results.test("document 4's background tasks keep their sessions HealthyBusy: by decorator, by hand, by ping handler", async () => {
    const ways = codeOf(guide, '@app.async_task', 'Method 2').split(/^# Method \d.*$/m)
    const [, decorated = '', manual = '', custom = ''] = ways
    equal(ways.length, 4)
    await deployed('decorated', `import asyncio\n${app}${decorated}${run}`, 'decorated.py', { guest: 'python-sdk' })
    deepEqual(await answerOf(world, 'doc_decorated', {}), { status: 'started' })
    await says('doc_decorated', 'HealthyBusy', 'ACTIVE')
    await deployed('manual', `${app}${manual}${run}`, 'manual.py', { guest: 'python-sdk' })
    deepEqual(await answerOf(world, 'doc_manual', {}), { status: 'completed' })
    await says('doc_manual', 'Healthy', 'IDLE')
    const asked = 'from bedrock_agentcore.runtime.models import PingStatus\n\nsystem_busy = lambda: True\n'
    await deployed('custom', `${asked}${app}${custom}\n\n@app.entrypoint\ndef handler(event):\n    return {}\n${run}`, 'custom.py', {
      guest: 'python-sdk',
    })
    deepEqual(await answerOf(world, 'doc_custom', {}), {})
    await says('doc_custom', 'HealthyBusy', 'ACTIVE')
  })

  await results.test("document 5's http.server agent asks its Strands model in each session (its gateway left out: none executes yet)", async () => {
    await deployed('order_support', readFileSync(join(import.meta.dirname, 'guests/documents/order_support.py'), 'utf8'))
    const { response } = (await answerOf(world, 'doc_order_support', { prompt: 'Hello' })) as { response: { role: string } }
    equal(response.role, 'assistant')
    match(JSON.stringify(response), /helpful order support agent/)
  })

  /** The platform asks each session every two seconds. */
  async function says(name: string, status: string, state: string): Promise<void> {
    const until = performance.now() + 20_000
    for (;;) {
      const sessions = await cli.sessions(name)
      const [session] = sessions
      if (sessions.length === 1 && session?.ping?.status === status && session.state === state) return
      if (performance.now() > until) throw new Error(`not ${status} and ${state} within 20 s: ${JSON.stringify(sessions)}`)
    }
  }

  async function deployed(name: string, code: string, entryPoint = `${name}.py`, { guest = 'documents', protocol = 'HTTP' } = {}) {
    const [python] = await hostPythons()
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    const folder = await pythonGuest(guest, python)
    writeFileSync(join(folder, `${name}.py`), code)
    return cli.deploy(folder, `doc_${name}`, { path: python.folder, more: ['--entry-point', entryPoint, '--protocol', protocol] })
  }
}

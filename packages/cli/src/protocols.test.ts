// deploy --protocol and invoke, against agents that speak MCP, A2A and AG-UI.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnPlatform, ownPlatform } from './own-platform.fixture.js'

let platform: OwnPlatform

beforeAll(async () => {
  platform = await ownPlatform()
}, 60_000)
afterAll(() => platform.end())

const run = (...args: string[]) => platform.run(args)

async function said(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  if (code !== 0) throw new Error(`agentworks ${args.join(' ')} exited ${code}\n${stdout}\n${stderr}`)
  return stdout.trim()
}

/** The answers to lines of one conversation. */
async function chatted(name: string, ...prompts: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await platform.run(['chat', name, '--json'], `${prompts.join('\n')}\n`)
  if (code !== 0) throw new Error(`chat ${name} exited ${code}\n${stdout}\n${stderr}`)
  return (JSON.parse(stdout) as { turns: { response: string }[] }).turns.map(({ response }) => response)
}

/** A server whose `answer(request, input, response)` is the agent. */
async function deployed(name: string, protocol: string, answer: string, ...more: string[]): Promise<string> {
  const dir = join(platform.home, name)
  await mkdir(dir, { recursive: true })
  await writeFile(
    join(dir, 'main.js'),
    `const answer = ${answer}
    require('node:http').createServer((request, response) => {
      let text = ''
      request.on('data', (piece) => (text += piece)).on('end', () => answer(request, text && JSON.parse(text), response))
    }).listen(Number(process.env.PORT))`,
  )
  return said('deploy', dir, '--name', name, '--protocol', protocol, ...more)
}

const a2aAgent = `(request, input, response) => {
  response.setHeader('content-type', 'application/json')
  const one = process.env.VERSION === '1.0'
  if (request.url.includes('agent-card')) return response.end(JSON.stringify(one ? { supportedInterfaces: [{ protocolVersion: '1.0' }] } : { protocolVersion: '0.3.0' }))
  if (request.method === 'GET') return response.end('{"status":"Healthy"}')
  const { id, method, params } = input
  const [{ text }] = params.message.parts
  const version = request.headers['a2a-version'] ?? 'none'
  if (text === 'fail') return response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message: 'I will not' } }))
  const said = [method, version, text].join(' ')
  const { contextId, taskId } = params.message
  if (text === 'ask me') return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { kind: 'task', id: 't-1', contextId: 'c-1',
    status: { state: 'input-required', message: { parts: [{ kind: 'text', text: 'Which one?' }] } } } }))
  if (contextId) return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { kind: 'message', contextId, parts: [{ kind: 'text', text: [text, contextId, taskId ?? 'no task'].join(' ') }] } }))
  const result = one ? { message: { role: 'ROLE_AGENT', parts: [{ text: said }] } } : { kind: 'task', artifacts: [{ parts: [{ kind: 'text', text: said }] }] }
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
}`

test('A2A agents are told a prompt in the version that their card names', { timeout: 60_000 }, async () => {
  expect(await deployed('a2a_one', 'A2A', a2aAgent, '--env', 'VERSION=1.0')).toContain('created a2a_one')
  expect(await said('invoke', 'a2a_one', 'hello')).toBe('SendMessage 1.0 hello')
  await deployed('a2a_old', 'a2a', a2aAgent)
  expect(await said('invoke', 'a2a_old', 'hello')).toBe('message/send none hello')
  const refused = await run('invoke', 'a2a_old', 'fail')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('I will not (-32603)')
  expect(await said('agents', 'list')).toMatch(/a2a_old +A2A +1 +READY/)
  // A conversation names its context, and the task that waits for an answer, as the protocol asks of clients.
  expect(await chatted('a2a_old', 'ask me', 'the first', 'thanks')).toEqual(['Which one?', 'the first c-1 t-1', 'thanks c-1 no task'])
  expect(await chatted('a2a_one', 'hello')).toEqual(['SendMessage 1.0 hello'])
})

const mcpServer = `(request, { id, method, params }, response) => {
  if (!request.url.startsWith('/mcp')) return response.writeHead(404).end()
  response.setHeader('content-type', 'text/event-stream')
  const result = method === 'tools/list' ? { tools: [{ name: 'add' }] } : { content: [{ type: 'text', text: params.name + ' called' }] }
  response.end('data: ' + JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n\\n')
}`

test('MCP servers are called by a payload, and a prompt is refused with the way to do it', { timeout: 60_000 }, async () => {
  expect(await deployed('mcp', 'MCP', mcpServer)).toContain(`--payload '{"method": "tools/list"}'`)
  expect(await said('invoke', 'mcp', '--payload', '{"method": "tools/list"}')).toBe('{"tools":[{"name":"add"}]}')
  expect(await said('invoke', 'mcp', '--payload', '{"method": "tools/call", "params": {"name": "add"}}')).toBe('add called')
  const prompted = await run('invoke', 'mcp', 'hello')
  expect(prompted.code).toBe(2)
  expect(prompted.stderr).toContain('takes no prompt')
  expect(prompted.stderr).toContain('tools/call')
  const talkedTo = await run('chat', 'mcp')
  expect([talkedTo.code, talkedTo.stderr]).toEqual([2, expect.stringContaining('takes no prompt')])
})

const aguiAgent = `(request, input, response) => {
  if (request.method === 'GET') return response.end('{"status":"Healthy"}')
  const { threadId, runId, messages } = input
  const { content: last } = messages.at(-1)
  const content = last === 'history' ? messages.map(({ role, content }) => role + ': ' + content).join(', ') : last
  response.setHeader('content-type', 'text/event-stream')
  const events = [{ type: 'RUN_STARTED', threadId, runId }, { type: 'TOOL_CALL_START', toolCallName: 'look' }, { type: 'TEXT_MESSAGE_CONTENT', delta: 'You said ' },
    content === 'fail' ? { type: 'RUN_ERROR', message: 'no more', code: 'TIRED' } : { type: 'TEXT_MESSAGE_CONTENT', delta: content }, { type: 'RUN_FINISHED', threadId, runId }]
  response.end(events.map((event) => 'data: ' + JSON.stringify(event) + '\\n\\n').join(''))
}`

test('AG-UI agents are given a run, and its text is shown as it comes', { timeout: 60_000 }, async () => {
  await deployed('agui', 'AGUI', aguiAgent)
  const { code, stdout, stderr } = await run('invoke', 'agui', 'hello')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'You said hello\n' })
  expect(stderr).toContain('[look …]')
  const failed = await run('invoke', 'agui', 'fail')
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('no more (TIRED)')
  expect(await chatted('agui', 'one', 'history')).toEqual(['You said one', 'You said user: one, assistant: You said one, user: history'])
})

// The examples of the SDK, run as their reader would run them, against the built package.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HttpAgent } from '@ag-ui/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, it, type TestContext } from 'vitest'
import { startAgent } from '#testing/index.js'

const run = promisify(execFile)
const examples = join(import.meta.dirname, '../../../examples')
const protocols = (file: string) => join(examples, 'sdk-protocols', file)

/** `npm test` builds first; a run of vitest alone may not have. */
function needsBuild(context: TestContext) {
  if (!existsSync(join(import.meta.dirname, '../dist/mcp/index.js'))) context.skip('packages/sdk is not built: npm run build')
}

it('sdk-app: its own tests pass, with coverage of the agent in this process and in its own', async (context) => {
  needsBuild(context)
  const { stdout } = await run(process.execPath, ['--test', '--experimental-test-coverage', '--test-reporter=tap'], {
    cwd: join(examples, 'sdk-app'),
    env: { PATH: process.env.PATH },
  })
  expect(stdout).toContain('# pass 6')
  expect(stdout).toMatch(/# +app\.mjs +\| +100\.00/)
  expect(stdout, 'only the process that was started loads this file').toMatch(/# +main\.mjs +\| +100\.00/)
})

it('sdk-protocols: the MCP server adds', async (context) => {
  needsBuild(context)
  await using agent = await startAgent(protocols('mcp.mjs'))
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${agent.url}/mcp`)))
  expect(await client.callTool({ name: 'add', arguments: { a: 2, b: 40 } })).toMatchObject({ content: [{ text: '42' }] })
  await client.close()
  expect((await agent.stop()).code).toBe(0)
})

it('sdk-protocols: the A2A agent answers and shows its card', async (context) => {
  needsBuild(context)
  const port = 19_000 + (process.pid % 10_000)
  await using agent = await startAgent(protocols('a2a.mjs'), { port, env: { A2A_PORT: String(port) } })
  const params = { message: { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hello' }] } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params })
  const answer = await agent.request('POST', '/', { headers: { 'content-type': 'application/json' }, body })
  expect(JSON.parse(answer.text)).toMatchObject({ result: { role: 'agent', parts: [{ text: 'hello' }] } })
  expect(JSON.parse((await agent.request('GET', '/.well-known/agent-card.json')).text)).toMatchObject({ name: 'Echo' })
})

it('sdk-protocols: the AG-UI agent runs for the official client', async (context) => {
  needsBuild(context)
  await using agent = await startAgent(protocols('ag-ui.mjs'))
  const client = new HttpAgent({ url: `${agent.url}/invocations`, initialMessages: [{ id: '1', role: 'user', content: 'hello' }] })
  expect((await client.runAgent()).newMessages).toEqual([expect.objectContaining({ content: 'You said: hello' })])
})

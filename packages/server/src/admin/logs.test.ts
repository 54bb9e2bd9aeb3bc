import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fileAgentLogs } from '#adapters/agent-logs/file-agent-logs.js'
import type { AgentLogLine, AgentLogs } from '#ports/agent-logs.js'
import { streamLogs } from './logs.js'

const id = 'agent-0123456789'
const line = (text: string): AgentLogLine => ({ at: 1, runtimeSessionId: 's', version: 1, stream: 'stdout', line: text })

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Real logs, with the followers counted and a gate before each read. */
async function serve() {
  const dir = mkdtempSync(join(tmpdir(), 'aw-logs-'))
  const files = fileAgentLogs(dir)
  const state = { following: 0, readsAllowed: Promise.resolve(), response: undefined as ServerResponse | undefined, done: 0 }
  const logs: AgentLogs = {
    ...files,
    async read(...asked) {
      await state.readsAllowed
      return files.read(...asked)
    },
    follow(...asked) {
      const stop = files.follow(...asked)
      state.following += 1
      return () => {
        state.following -= 1
        stop()
      }
    },
  }
  const server = createServer((_request, response) => {
    state.response = response
    void streamLogs(logs, id, new URLSearchParams('follow=1'), response).then(() => (state.done += 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await files.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { logs: files, state, port: (server.address() as AddressInfo).port }
}

function follow(port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => void get({ host: '127.0.0.1', port }, resolve).on('error', reject))
}

describe('followed logs', () => {
  it('are followed no longer when the client left, even while the file was read', async () => {
    const { state, port } = await serve()
    const gate = Promise.withResolvers<void>()
    state.readsAllowed = gate.promise
    const asked = get({ host: '127.0.0.1', port }).on('error', () => undefined)
    await vi.waitFor(() => expect(state.following).toBe(1), 5000)
    asked.destroy()
    await vi.waitFor(() => expect(state.response?.closed).toBe(true), 5000)
    gate.resolve()
    await vi.waitFor(() => expect(state.done).toBe(1), 5000)
    expect(state.following).toBe(0)
  })

  it('leave lines out, and say how many, for a client that reads slower than the agent prints', async () => {
    const { logs, state, port } = await serve()
    logs.append(id, line('before'))
    const response = await follow(port)
    await vi.waitFor(() => expect(state.done).toBe(1), 5000)
    const many = 4000
    for (let n = 0; n < many; n += 1) logs.append(id, line('x'.repeat(1000)))
    expect(state.response?.writableLength).toBeLessThan(1.1 * 1024 * 1024)
    const seen: AgentLogLine[] = []
    const reader = createInterface({ input: response.on('error', () => undefined) }).on('error', () => undefined)
    reader.on('line', (text) => seen.push(JSON.parse(text)))
    await vi.waitFor(() => expect(state.response?.writableLength).toBe(0), 5000)
    logs.append(id, line('after'))
    await vi.waitFor(() => expect(seen.at(-1)?.line).toBe('after'), 5000)
    const notice = seen.at(-2)
    expect(notice).toMatchObject({ stream: 'platform', line: expect.stringMatching(/^\d+ lines were left out/) })
    expect(Number.parseInt(notice?.line ?? '', 10) + seen.length).toBe(many + 3)
  })
})

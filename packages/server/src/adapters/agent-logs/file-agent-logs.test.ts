import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AgentLogLine, AgentLogs } from '#ports/agent-logs.js'
import { fileAgentLogs } from './file-agent-logs.js'

const line = (text: string): AgentLogLine => ({ at: 1, runtimeSessionId: 's', version: 1, stream: 'stdout', line: text })
const runtime = (n: number) => `agent-${String(n).padStart(10, '0')}`
const textsOf = async (logs: AgentLogs, id: string) => (await logs.read(id, { tail: 100 })).map(({ line: text }) => text)

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open() {
  const outer = mkdtempSync(join(tmpdir(), 'aw-logs-'))
  const dir = mkdtempSync(join(outer, 'logs-'))
  const logs = fileAgentLogs(dir)
  ends.push(async () => {
    await logs.close()
    rmSync(outer, { recursive: true, force: true })
  })
  return { logs, dir, outer }
}

const openFilesIn = (dir: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(dir)
    } catch {
      return false
    }
  }).length

describe('logs of agents in files', () => {
  it('neither read nor write for an id that is none of a runtime', async () => {
    const { logs, dir, outer } = open()
    const inside = `${JSON.stringify(line('not a log'))}\n`
    writeFileSync(join(outer, 'x.jsonl'), inside)
    writeFileSync(join(dir, 'x.jsonl'), inside)
    for (const id of ['../x', 'x', '', './x', 'agent-000000000', `${runtime(1)}/../x`, `${runtime(1)}\n`]) {
      expect(await textsOf(logs, id), id).toEqual([])
      logs.append(id, line('more'))
    }
    await logs.close()
    expect(readFileSync(join(outer, 'x.jsonl'), 'utf8')).toBe(inside)
    expect(readdirSync(dir)).toEqual(['x.jsonl'])
  })

  it.skipIf(process.platform !== 'linux')('of many runtimes keep few files open (linux: counted in /proc)', async () => {
    const { logs, dir } = open()
    const ids = Array.from({ length: 100 }, (_, n) => runtime(n))
    for (const id of ids) {
      logs.append(id, line('one'))
      expect(await textsOf(logs, id)).toEqual(['one'])
    }
    await vi.waitFor(() => expect(openFilesIn(dir)).toBeLessThanOrEqual(64), 5000)
    for (const id of ids) logs.append(id, line('two'))
    for (const id of ids) expect(await textsOf(logs, id)).toEqual(['one', 'two'])
  })

  it('go on, and tell of the loss, when what failed works again', async () => {
    const { logs, dir, outer } = open()
    const path = join(dir, `${runtime(1)}.jsonl`)
    symlinkSync(join(outer, 'absent', 'file'), path)
    for (const text of ['lost', 'as well']) {
      logs.append(runtime(1), line(text))
      expect(await textsOf(logs, runtime(1))).toEqual([])
    }
    unlinkSync(path)
    logs.append(runtime(1), line('kept'))
    expect(await textsOf(logs, runtime(1))).toEqual([expect.stringMatching(/^2 lines were dropped/), 'kept'])
  })
})

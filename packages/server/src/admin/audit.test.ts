import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fileAudit } from '#adapters/telemetry/file-audit.js'
import { systemClock } from '#kernel/clock.js'
import type { AuditEvent } from '#ports/telemetry.js'
import { streamAudit } from './audit.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-audit-'))
const trail = fileAudit(join(dir, 'audit.jsonl'), { clock: systemClock })
const server = createServer((request, response) => void streamAudit(trail, new URL(request.url ?? '', 'http://x').searchParams, response))
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  for (const [at, action, principal, outcome] of [
    [1, 'bedrock-agentcore:GetAgentRuntime', 'root', 'allowed'],
    [2, 'bedrock-agentcore:InvokeAgentRuntime', 'assumed-role/R/s', 'AccessDeniedException'],
    [3, 's3:GetObject', 'root', 'ResourceNotFoundException'],
  ] as const)
    trail.record(event(at, action, `arn:aws:iam::000000000000:${principal}`, outcome))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  trail.close()
  rmSync(dir, { recursive: true, force: true })
})

function event(at: number, action: string, principalArn: string, outcome: string): AuditEvent {
  return { at, requestId: `r${at}`, principalArn, service: action.split(':')[0] ?? '', action, resource: 'arn:x', outcome }
}

async function asked(query: string): Promise<number[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/?${query}`)).text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).at)
}

it.each<[string, number[]]>([
  ['', [1, 2, 3]],
  ['limit=2', [2, 3]],
  ['since=2', [2, 3]],
  ['action=GetAgentRuntime', [1]],
  ['action=bedrock-agentcore:*', [1, 2]],
  ['action=*Get*', [1, 3]],
  ['principal=*assumed-role/R/*', [2]],
  ['outcome=refused', [2, 3]],
  ['outcome=AccessDeniedException', [2]],
  ['outcome=allowed&action=s3:*', []],
  [`action=${'*a'.repeat(500)}`, []],
])('%s picks its events', async (query, wanted) => {
  expect(await asked(query)).toEqual(wanted)
})

it('goes on with what comes, once each, and is followed no longer when the client left', async () => {
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, path: '/?follow=1&action=s3:*' }, resolve))
  const seen: number[] = []
  const reader = createInterface({ input: response.on('error', () => undefined) }).on('error', () => undefined)
  reader.on('line', (line) => seen.push(JSON.parse(line).at))
  await vi.waitFor(() => expect(seen).toEqual([3]), 10_000)
  trail.record(event(4, 's3:PutObject', 'arn:x', 'allowed'))
  trail.record(event(5, 'sts:GetCallerIdentity', 'arn:x', 'allowed'))
  await vi.waitFor(() => expect(seen).toEqual([3, 4]), 10_000)
  response.destroy()
})

// An agent's output as JSON lines: the newest, then what comes.
import type { AgentLogLine, AgentLogs } from '#ports/agent-logs.js'
import type { AnyResponse } from '#wire/server.js'

const defaultTail = 200
const largestTail = 10_000

export async function streamLogs(agentLogs: AgentLogs, agentRuntimeId: string, query: URLSearchParams, response: AnyResponse): Promise<void> {
  const runtimeSessionId = query.get('session') ?? undefined
  const tail = Math.min(largestTail, Math.max(0, Number.parseInt(query.get('tail') ?? '', 10) || defaultTail))
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const write = (line: AgentLogLine) => void response.write(`${JSON.stringify(line)}\n`)
  const isFollowing = query.get('follow') === '1'
  const wanted = (line: AgentLogLine) => runtimeSessionId === undefined || line.runtimeSessionId === runtimeSessionId
  let tell = (line: AgentLogLine) => void pending.push(line)
  const pending: AgentLogLine[] = []
  const stop = isFollowing ? agentLogs.follow(agentRuntimeId, (line) => wanted(line) && tell(line)) : () => undefined
  const written = await agentLogs.read(agentRuntimeId, { runtimeSessionId, tail })
  for (const line of written) write(line)
  if (!isFollowing) return void response.end()
  // What came while the file was read may have been in it already.
  const seen = new Set(written.slice(-pending.length - 1).map((line) => JSON.stringify(line)))
  for (const line of pending) if (!seen.has(JSON.stringify(line))) write(line)
  tell = write
  response.once('close', stop)
}

// An agent's output as JSON lines: the newest, then what comes.
import type { AgentLogLine, AgentLogs } from '#ports/agent-logs.js'
import type { AnyResponse } from '#wire/server.js'

const defaultTail = 200
const largestTail = 10_000
/** A reader that is slower than the agent loses lines rather than filling the platform's memory. */
const mostWaiting = 1024 * 1024

export async function streamLogs(agentLogs: AgentLogs, agentRuntimeId: string, query: URLSearchParams, response: AnyResponse): Promise<void> {
  const runtimeSessionId = query.get('session') ?? undefined
  const tail = Math.min(largestTail, Math.max(0, Number.parseInt(query.get('tail') ?? '', 10) || defaultTail))
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  if (query.get('follow') !== '1') {
    for (const line of await agentLogs.read(agentRuntimeId, { runtimeSessionId, tail })) send(response, line)
    response.end()
    return
  }
  const pending: AgentLogLine[] = []
  let tell: (line: AgentLogLine) => void = (line) => pending.push(line)
  const stop = agentLogs.follow(agentRuntimeId, (line) => {
    if (runtimeSessionId === undefined || line.runtimeSessionId === runtimeSessionId) tell(line)
  })
  let isGone = false
  // Before the first wait: a client that leaves during it is never heard of again.
  response.once('close', () => {
    isGone = true
    stop()
  })
  const written = await agentLogs.read(agentRuntimeId, { runtimeSessionId, tail })
  if (isGone) return
  for (const line of written) send(response, line)
  // What came while the file was read may have been in it already.
  const seen = new Set(written.slice(-pending.length - 1).map((line) => JSON.stringify(line)))
  tell = patientWriter(response)
  for (const line of pending) if (!seen.has(JSON.stringify(line))) tell(line)
}

/** Drops lines while too much waits for the client, and says how many when there is room again. */
function patientWriter(response: AnyResponse): (line: AgentLogLine) => void {
  let dropped = 0
  return (line) => {
    if (response.writableLength > mostWaiting) {
      dropped += 1
      return
    }
    if (dropped > 0)
      send(response, { ...line, stream: 'platform', line: `${dropped} lines were left out here: they came faster than they were read` })
    dropped = 0
    send(response, line)
  }
}

function send(response: AnyResponse, line: AgentLogLine): void {
  response.write(`${JSON.stringify(line)}\n`)
}

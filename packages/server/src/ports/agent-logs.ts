// What agents print, kept by runtime.

export interface AgentLogLine {
  at: number
  runtimeSessionId: string
  version: number
  /** `platform` marks lines that the platform adds. */
  stream: 'stdout' | 'stderr' | 'platform'
  line: string
}

export interface AgentLogs {
  /** Never throws and never waits; lines may be lost only by a crash of the machine. */
  append(agentRuntimeId: string, line: AgentLogLine): void
  /** The newest `tail` lines, oldest first. */
  read(agentRuntimeId: string, filter: { runtimeSessionId?: string; tail: number }): Promise<AgentLogLine[]>
  /** Calls back for each new line until the returned function is called. */
  follow(agentRuntimeId: string, onLine: (line: AgentLogLine) => void): () => void
  close(): Promise<void>
}

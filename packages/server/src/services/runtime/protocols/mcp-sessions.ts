// Which session an MCP request belongs to. `Mcp-Session-Id` is the key; a stateful server gives out ids of its own.
import type { Session } from '#services/runtime/sessions.js'

/** One server may serve many MCP clients in one session; beyond this the oldest must name the runtime session instead. */
const idsPerSession = 1_000

interface McpSessions {
  /** SDKs fill in a new `runtimeSessionId` on every call, so the protocol's own id goes before it. */
  sessionOf(agentRuntimeId: string, ids: { mcpSessionId?: string; runtimeSessionId?: string }): string | undefined
  /** What the server called the session in an answer leads to it from now on, until the session ends. */
  learn(session: Session, mcpSessionId: string | undefined): void
}

export function mcpSessions(): McpSessions {
  const sessionIds = new Map<string, string>()
  const given = new WeakMap<Session, Set<string>>()
  const keyOf = (agentRuntimeId: string, mcpSessionId: string) => `${agentRuntimeId}/${mcpSessionId}`

  function idsOf(session: Session): Set<string> {
    const known = given.get(session)
    if (known) return known
    const fresh = new Set<string>()
    given.set(session, fresh)
    void session.ended.then(() => {
      for (const key of fresh) sessionIds.delete(key)
    })
    return fresh
  }

  return {
    sessionOf: (agentRuntimeId, { mcpSessionId, runtimeSessionId }) =>
      mcpSessionId === undefined ? runtimeSessionId : (sessionIds.get(keyOf(agentRuntimeId, mcpSessionId)) ?? mcpSessionId),

    learn(session, mcpSessionId) {
      if (mcpSessionId === undefined || mcpSessionId === session.runtimeSessionId) return
      const key = keyOf(session.agentRuntimeId, mcpSessionId)
      // An id that leads to another session stays there: a server must not draw other callers to itself.
      if (sessionIds.has(key)) return
      const ids = idsOf(session)
      const [oldest] = ids
      if (ids.size >= idsPerSession && oldest !== undefined) {
        ids.delete(oldest)
        sessionIds.delete(oldest)
      }
      ids.add(key)
      sessionIds.set(key, session.runtimeSessionId)
    },
  }
}

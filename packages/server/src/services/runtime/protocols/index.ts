// The four server protocols, by AWS's names.
import type { ServerProtocol } from '@agentworks/model'
import { a2a } from './a2a.js'
import { agui } from './agui.js'
import { http } from './http.js'
import { mcp } from './mcp.js'
import type { AgentProtocol } from './protocol.js'

export { agentCardPath } from './a2a.js'
export { endedInEvents } from './agui.js'
export { rpcRequest } from './json-rpc.js'
export { checkAccept } from './mcp.js'
export { mcpSessions } from './mcp-sessions.js'
export type { AgentProtocol, Refusal } from './protocol.js'

const protocols: Readonly<Record<ServerProtocol, AgentProtocol>> = { HTTP: http, MCP: mcp, A2A: a2a, AGUI: agui }

/** Versions made before protocols were kept speak HTTP. */
export const protocolOf = (version: { serverProtocol?: ServerProtocol }): AgentProtocol => protocols[version.serverProtocol ?? 'HTTP']

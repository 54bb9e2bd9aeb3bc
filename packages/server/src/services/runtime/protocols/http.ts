// HTTP: any program with POST /invocations and GET /ping. developer guide: runtime-http-protocol-contract.
import { type AgentProtocol, loopback } from './protocol.js'

const port = 8080

export const http: AgentProtocol = {
  serverProtocol: 'HTTP',
  port,
  path: '/invocations',
  webSocketPath: '/ws',
  host: loopback(port),
  accept: '*/*',
  isJsonOnly: false,
  hasPing: true,
  environment: { PORT: String(port) },
  ownHeaders: [],
}

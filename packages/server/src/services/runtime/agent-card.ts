// GetAgentCard: what an A2A agent says of itself, asked of the agent. developer guide: runtime-a2a-protocol-contract.
import type { GetAgentCardRequest, GetAgentCardResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, ServiceError } from '#kernel/errors.js'
import { askAgent } from './ask-agent.js'
import { allowedHeaders } from './header-allowlist.js'
import { agentCardBytes } from './limits.js'
import type { RuntimePorts } from './ports.js'
import { agentCardPath, protocolOf } from './protocols/index.js'
import type { Session } from './sessions.js'
import { findTarget, runtimeIdOf } from './target.js'

export function agentCards(ports: RuntimePorts) {
  const { store, sessions, ids } = ports
  return {
    async GetAgentCard(ctx: Context, input: GetAgentCardRequest): Promise<GetAgentCardResponse> {
      const agentRuntimeId = runtimeIdOf(ctx, input.agentRuntimeArn, undefined)
      const target = await findTarget(store, ctx, agentRuntimeId, input.qualifier)
      const { serverProtocol } = protocolOf(target.version)
      if (serverProtocol !== 'A2A')
        throw invalid('agentRuntimeArn', `${agentRuntimeId} speaks ${serverProtocol}; only an agent with serverProtocol A2A has an agent card`)
      const session = await sessions.enter(ctx, target, input.runtimeSessionId ?? ids.uuid())
      try {
        const { runtimeSessionId } = session
        const answer = await askAgent(ports, ctx, session, { method: 'GET', path: agentCardPath, headers: headersFor(ctx, session) })
        return { agentCard: cardIn(session, await textOf(session, answer)), runtimeSessionId, statusCode: 200 }
      } finally {
        sessions.leave(session)
      }
    },
  }
}

const headersFor = (ctx: Context, { passedHeaders, protocol, runtimeSessionId }: Session) => ({
  ...allowedHeaders(passedHeaders, ctx.headers),
  host: protocol.host,
  accept: 'application/json',
  'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': runtimeSessionId,
  'X-Amzn-Bedrock-AgentCore-Runtime-Request-Id': ctx.requestId,
})

async function textOf(session: Session, answer: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  try {
    for await (const piece of answer) {
      size += piece.length
      if (size > agentCardBytes) throw noCard(session, `is larger than ${agentCardBytes} bytes`)
      pieces.push(piece)
    }
  } catch (fault) {
    throw fault instanceof ServiceError ? fault : noCard(session, 'broke off', fault)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function cardIn(session: Session, text: string): Record<string, unknown> {
  let card: unknown
  try {
    card = JSON.parse(text)
  } catch (fault) {
    throw noCard(session, 'is no JSON', fault)
  }
  if (typeof card !== 'object' || card === null || Array.isArray(card)) throw noCard(session, 'is no JSON object')
  return card as Record<string, unknown>
}

function noCard({ agentRuntimeId }: Session, why: string, cause?: unknown): ServiceError {
  return new ServiceError(
    'RuntimeClientError',
    `What the agent of ${agentRuntimeId} answers to GET ${agentCardPath} ${why}. Its output is in \`agentworks logs ${agentRuntimeId}\`.`,
    { cause },
  )
}

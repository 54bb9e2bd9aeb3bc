// What the platform must know of a server protocol to run an agent that speaks it: one file beside this for each.
import type { ServerProtocol } from '@agentworks/model'
import type { ServiceError } from '#kernel/errors.js'

/** A refusal as the protocol's own clients read it. */
export interface Refusal {
  status: number
  contentType: string
  body: string
}

export interface AgentProtocol {
  readonly serverProtocol: ServerProtocol
  /** The agent listens here. */
  readonly port: number
  /** Where InvokeAgentRuntime posts to. */
  readonly path: string
  /** Where its WebSocket is, for the protocols whose contract has one. */
  readonly webSocketPath?: string
  /** Agents see themselves addressed where they listen. */
  readonly host: string
  /** What the agent is asked for when the caller does not say. */
  readonly accept: string
  /** `GET /ping` is part of the contract. Without it any answer of the port means that the agent is up. */
  readonly hasPing: boolean
  /** Where the agent's own libraries look for the port. */
  readonly environment: Readonly<Record<string, string>>
  /** SDKs call bytes of no stated type `application/octet-stream`; servers of this protocol take JSON alone. */
  readonly isJsonOnly: boolean
  /** Headers of the caller that belong to the protocol itself and need no allow-list. */
  readonly ownHeaders: readonly string[]
  /** Absent, or undefined for one error: AWS's own form is the answer. `id` is that of the request, where it has one. */
  refusal?(error: ServiceError, id: string | number | null): Refusal | undefined
}

export const loopback = (port: number) => `127.0.0.1:${port}`

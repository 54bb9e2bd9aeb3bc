// The client of agents: invoke, WebSocket, shell, command, stop; on AWS and on any endpoint.
import { randomUUID } from 'node:crypto'
import { InvokeAgentRuntimeCommand, ResourceNotFoundException, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import type { WebSocket } from 'ws'
import type { AnyHandler } from '#testing/handler-types.js'
import { type Answer, answerOf } from './answer.js'
import { type CommandCall, type RunningCommand, runCommand } from './command.js'
import { type ConnectionOptions, connection } from './connection.js'
import { InvalidCall } from './invalid-call.js'
import { openWebSocket } from './open-web-socket.js'
import { withHeaders } from './own-headers.js'
import { openSession, type RuntimeSession, type SessionOptions } from './session.js'
import { sessionMemory } from './session-memory.js'
import { openShell, type Reconnecting, type Shell } from './shell.js'
import { checkTarget, type Target } from './target.js'
import { type OAuthWebSocketAddress, oauthAddress, presignedAddress, type Route, signedAddress, type WebSocketAddress } from './web-socket-address.js'

export interface InvokeCall extends Target {
  /** Bytes go as they are, everything else as JSON. */
  payload: unknown
  /** `application/json` when absent; `application/octet-stream` for bytes. */
  contentType?: string
  /** What the agent is asked to answer with. Its own default when absent; ours streams whenever its handler does. */
  accept?: string
  /** Of MCP agents. */
  mcpSessionId?: string
  signal?: AbortSignal
}

export interface WebSocketCall extends Target {
  subprotocols?: string[]
  signal?: AbortSignal
}

export interface ShellCall extends Omit<Target, 'runtimeSessionId'> {
  /** Required: without it, a connection that breaks could not be taken up. */
  runtimeSessionId: string
  /** 1 to 128 letters, digits, `_` and `-`, the first a letter or digit; a new shell when absent. One that runs is taken over. */
  shellId?: string
  reconnect?: Reconnecting
  signal?: AbortSignal
}

/** Every method throws InvalidCall, before anything is sent, for what no platform would take. */
export interface RuntimeClient extends Disposable {
  /** Sends a payload; the answer is read as a value, as bytes, or piece by piece. */
  invoke<Output = unknown, Item = unknown>(call: InvokeCall): Promise<Answer<Output, Item>>
  /** An open WebSocket, signed or with the client's token. Throws UpgradeRefused with the platform's reason. */
  webSocket(call: WebSocketCall): Promise<WebSocket>
  /** What another WebSocket client needs to open it: the address, and headers that are good for five minutes. */
  signedWebSocket(target: Target): Promise<WebSocketAddress>
  /** An address that opens the WebSocket by itself for `expires` seconds, 1 to 300 (300 when absent). Custom headers go into it. */
  presignedWebSocketUrl(target: Target & { expires?: number }): Promise<string>
  /** Address, headers and, for browsers, subprotocols with a bearer token: the one given, else the client's. */
  oauthWebSocket(target: Target & { bearerToken?: string }): Promise<OAuthWebSocketAddress>
  /** A terminal beside the agent. */
  shell(call: ShellCall): Promise<Shell>
  /** A command beside the agent. */
  command(call: CommandCall): Promise<RunningCommand>
  /** Ends a session and what runs in it. One that has ended already is fine. */
  stop(session: { agentRuntimeArn: string; runtimeSessionId: string; qualifier?: string }): Promise<void>
  /** A conversation with one agent, with memory when one is named. */
  session<Handler extends AnyHandler = AnyHandler>(options: SessionOptions): RuntimeSession<Handler>
  /** Closes its connections; WebSockets and shells stay open. */
  destroy(): void
}

/**
 * A client of agents. What is not given is found as the AWS SDK finds it: Region and endpoint from the environment and the profile,
 * credentials by the default chain.
 */
export function runtimeClient(options: ConnectionOptions = {}): RuntimeClient {
  const connected = connection(options)
  const { data, bearerToken } = connected

  async function invoke<Output, Item>(call: InvokeCall): Promise<Answer<Output, Item>> {
    const { payload, headers, signal, ...members } = call
    checkTarget(call)
    const isBytes = payload instanceof Uint8Array
    const body = isBytes ? payload : jsonOf(payload)
    const contentType = isBytes ? 'application/octet-stream' : 'application/json'
    const command = new InvokeAgentRuntimeCommand({ contentType, ...defined(members), payload: body } as typeof members & { payload: Uint8Array })
    return answerOf(await data.send(withHeaders(command, headers), { abortSignal: signal }))
  }

  async function address(target: Target, route?: Route): Promise<WebSocketAddress> {
    return bearerToken ? oauthAddress(connected, target, await bearerToken(), route) : signedAddress(connected, target, route)
  }

  async function webSocket({ subprotocols, signal, ...target }: WebSocketCall): Promise<WebSocket> {
    return openWebSocket(await address(target), { subprotocols, signal })
  }

  async function stop({ agentRuntimeArn, runtimeSessionId, qualifier }: { agentRuntimeArn: string; runtimeSessionId: string; qualifier?: string }) {
    checkTarget({ agentRuntimeArn, runtimeSessionId, qualifier })
    try {
      await data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId, qualifier }))
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
    }
  }

  return {
    invoke,
    webSocket,
    signedWebSocket(target) {
      if (bearerToken) return Promise.reject(new InvalidCall('bearerToken', 'signs nothing', 'Use oauthWebSocket(), or a client with credentials'))
      return signedAddress(connected, target)
    },
    presignedWebSocketUrl: ({ expires = 300, ...target }) => presignedAddress(connected, target, expires),
    async oauthWebSocket({ bearerToken: given, ...target }) {
      const token = given ?? (await bearerToken?.())
      if (token === undefined) throw new InvalidCall('bearerToken', 'is not given', 'Give it here, or to runtimeClient()')
      return oauthAddress(connected, target, token)
    },
    async shell({ shellId = randomUUID(), reconnect, signal, ...target }) {
      checkTarget(target)
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(shellId))
        throw new InvalidCall('shellId', `${JSON.stringify(shellId)} names no shell`, 'Use 1 to 128 letters, digits, "_" and "-", the first no sign')
      const route: Route = { path: '/ws/shells', query: { shellId } }
      const { runtimeSessionId } = target
      // Each connection is signed anew: a signature is too old after five minutes.
      return openShell({
        shellId,
        runtimeSessionId,
        reconnect,
        signal,
        dial: async (prepare) => openWebSocket(await address(target, route), { signal, prepare }),
      })
    },
    command: (call) => runCommand(data, call),
    stop,
    session: (sessionOptions) =>
      openSession({ invoke, webSocket, stop, memory: (names) => sessionMemory({ data, ...names, now: () => new Date() }) }, sessionOptions),
    destroy: () => data.destroy(),
    [Symbol.dispose]: () => data.destroy(),
  }
}

function jsonOf(payload: unknown): Uint8Array {
  const text = JSON.stringify(payload)
  if (text === undefined) throw new InvalidCall('payload', `${typeof payload} has no JSON`, 'Give an object, an array, a string, a number or null')
  return Buffer.from(text)
}

function defined<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Members>
}

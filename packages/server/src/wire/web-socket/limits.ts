// What one connection may do (developer guide: quotas, runtime-get-started-websocket).

export interface WebSocketLimits {
  frameBytes: number
  framesPerSecond: number
  longestMs: number
  /** Ours: how often a client is asked whether it is still there. It has as long to answer. */
  pingEveryMs: number
  /** Ours: how long a refused client may take for its answer. */
  lingerMs: number
}

export const webSocketLimits: WebSocketLimits = {
  frameBytes: 64 * 1024,
  framesPerSecond: 250,
  longestMs: 60 * 60_000,
  pingEveryMs: 30_000,
  lingerMs: 5_000,
}

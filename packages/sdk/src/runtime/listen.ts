// Where an app listens, and how it stops.
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Connections } from './websocket.js'

export interface RunningApp {
  url: string
  port: number
  /** Takes no new work, gives requests and WebSockets in flight `graceMs` (10 s unless told), then cuts them. */
  close(graceMs?: number): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Binds and resolves with the port. Throws when the port is taken. */
export function listening(server: Server, where: { port: number; host: string; reusePort?: boolean }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : where.port)
    })
  })
}

/** Takes no new work, gives what is in flight `graceMs`, then cuts it. */
export async function drain(server: Server, connections: Connections | undefined, graceMs: number): Promise<void> {
  const cut = setTimeout(() => {
    server.closeAllConnections()
    connections?.cut()
  }, graceMs)
  // A connection that falls idle after this moment is kept alive by node until told again.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await Promise.all([closed, connections?.close()])
  clearTimeout(cut)
  clearInterval(sweep)
}

/** Ends the process by SIGTERM and SIGINT once `running` has drained. Closing it by hand gives the signals back. */
export function untilSignalled(running: RunningApp): RunningApp {
  const stop = () => void running.close().then(() => process.exit(0))
  process.once('SIGTERM', stop).once('SIGINT', stop)
  return {
    ...running,
    close: (graceMs) => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      return running.close(graceMs)
    },
  }
}

/** A variable's port, or `otherwise` when it is not set. */
export function portOf(env: Environment, name: string, otherwise: number): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} is ${JSON.stringify(text)}; it must be a number from 0 to 65535.`)
  return port
}

/** Containers are reached from outside, a program on one's own machine should not be. The Python SDK decides by the same two signs. */
export function hostOf(env: Environment): string {
  return env.DOCKER_CONTAINER || existsSync('/.dockerenv') ? '0.0.0.0' : '127.0.0.1'
}

export const urlOf = (host: string, port: number) => `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`

// What passes over a shell's WebSocket: one byte that names the channel, then the payload, as Kubernetes' v5.channel has it.
// AWS: runtime-get-started-command-shell, and the official clients' framer.
import { constants } from 'node:os'
import type { InstanceExit, TerminalSize } from '#ports/sandbox.js'
import { exitCodeOf } from './execute-in.js'

export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, heartbeat: 5, close: 255 } as const

const empty = Buffer.alloc(0)

export function shellFrame(channel: number, payload: Uint8Array = empty): Buffer {
  return Buffer.concat([Uint8Array.of(channel), payload])
}

/** The first frame of a connection. */
export function connectedFrame(shellId: string, reconnected: boolean): Buffer {
  return statusFrame({ metadata: { shellId, reconnected }, status: 'Success' })
}

/** The last frame of a shell that has ended. */
export function exitFrame({ code, signal }: InstanceExit): Buffer {
  if (code === 0) return statusFrame({ metadata: {}, status: 'Success' })
  const exitCode = code ?? exitCodeOf(signal)
  const number = (constants.signals as Readonly<Record<string, number>>)[signal ?? '']
  const causes = [{ reason: 'ExitCode', message: String(exitCode) }, ...(number === undefined ? [] : [{ reason: 'Signal', message: String(number) }])]
  const message = `command terminated with exit code ${exitCode}`
  return statusFrame({ metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', message, details: { causes } })
}

/** Something of the platform failed, not the shell. */
export function faultFrame(message: string): Buffer {
  return statusFrame({ metadata: {}, status: 'Failure', reason: 'InternalError', message, code: 500 })
}

function statusFrame(facts: object): Buffer {
  return shellFrame(channels.status, Buffer.from(JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...facts })))
}

const mostCells = 10_000

/** `undefined` when it names no size. */
export function sizeIn(payload: Buffer): TerminalSize | undefined {
  try {
    const { width, height } = JSON.parse(payload.toString('utf8')) as { width?: unknown; height?: unknown }
    const isCells = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0 && Number(value) <= mostCells
    return isCells(width) && isCells(height) ? { columns: width, rows: height } : undefined
  } catch {
    return undefined
  }
}

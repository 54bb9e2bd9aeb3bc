// What passes over a shell's WebSocket: one byte that names the channel, then the payload, as Kubernetes' v5.channel has it.
// AWS: runtime-get-started-command-shell, and the official clients' framer.

export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const

/** A frame may have 64 KiB, its channel included; smaller ones keep the echo of typing quick. */
export const longestPayload = 32 * 1024

export function frame(channel: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
  return Buffer.concat([Uint8Array.of(channel), payload])
}

export type ShellStatus =
  | { kind: 'connected'; shellId: string; reconnected: boolean }
  | { kind: 'exited'; exitCode: number }
  | { kind: 'failed'; why: string }

interface Status {
  status?: string
  reason?: string
  message?: string
  metadata?: { shellId?: string; reconnected?: boolean }
  details?: { causes?: { reason?: string; message?: string }[] }
}

export function statusIn(payload: Uint8Array): ShellStatus {
  const status = parsed(payload)
  const { shellId, reconnected = false } = status.metadata ?? {}
  if (status.status === 'Success') return shellId === undefined ? { kind: 'exited', exitCode: 0 } : { kind: 'connected', shellId, reconnected }
  const code = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message)
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(code)) return { kind: 'exited', exitCode: code }
  return { kind: 'failed', why: status.message ?? status.reason ?? 'no reason given' }
}

function parsed(payload: Uint8Array): Status {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return { message: 'the status of the shell is no JSON' }
  }
}

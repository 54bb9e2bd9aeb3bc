// A command as it was called: its options, the world around it, and its voice.
import type { Readable } from 'node:stream'
import type { Output } from './output.js'
import type { ProgressStream } from './progress.js'

export type Environment = Readonly<Record<string, string | undefined>>

export interface World {
  env: Environment
  cwd: string
  home: string
  stdin: Readable & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown }
  /** A terminal knows its size, and tells when it changes. */
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number }
  stderr: NodeJS.WritableStream & ProgressStream
  /** Aborts on SIGINT and SIGTERM. */
  stopped: AbortSignal
  newSessionId(label: string): string
}

export interface Invoked {
  world: World
  out: Output
  /** From --data-dir, else AGENTWORKS_DATA_DIR, else ~/.agentworks. */
  dataDir: string
  dataDirNamed: boolean
}

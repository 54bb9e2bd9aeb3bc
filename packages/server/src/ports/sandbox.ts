// The sandbox: one isolated place for one agent process, reachable over a unix socket.
import type { Volume } from './session-storage.js'
import type { VpcIds } from './vpc-map.js'

/** Reported on every session; never silently weaker than asked. `container` is the level of images, the others of code. */
export type IsolationLevel = 'process' | 'bubblewrap' | 'container'

/** AWS's words. PUBLIC reaches the internet, and of it nothing that is this host's or its neighbours'; VPC what its ids open; SANDBOX the platform alone. */
export type NetworkMode = 'PUBLIC' | 'VPC' | 'SANDBOX'

/** How far a session's network reaches, told on each. */
export interface Reach {
  /** `vpc`: what its subnets and security groups open. `host`: whatever the platform itself reaches, since the level has no boundary there. */
  to: 'internet' | 'platform' | 'vpc' | 'host'
  /** For `vpc`: each way out in words, as `tcp 443 to 10.20.0.0/16`. */
  open?: readonly string[]
  /** Why that is not what the network mode says. */
  instead?: { reason: string; fix: string }
}

export interface InstancePlace {
  /** Unique for this incarnation; safe as a file name. */
  instanceId: string
  /** Where the platform must listen, before `start`, for what the agent sends to its AWS endpoint. */
  platformSocketPath: string
}

/** Code that an interpreter of the host runs. */
export interface CodeProgram {
  /** Unpacked code on the host; read-only inside. An adapter may open its modes to the session's user: keep it below a folder that is closed to others. */
  codeDir: string
  language: 'node' | 'python'
  /** The interpreter's path on the host, as `doctor` found it. */
  interpreter: string
  /** Arguments after the interpreter: the entry point, relative to `codeDir`, and what follows it. */
  args: readonly string[]
}

/** A container image, which brings its own command, user and working folder. */
export interface ImageProgram {
  /** The image's id in the local store, `sha256:...`: a name could mean another image by now. */
  imageId: string
}

/** What one session may use of the host. An adapter that cannot keep one of them says so in `probe` and `notice`. */
export interface InstanceLimits {
  /** Of all its processes together, what it writes to folders in memory included. Beyond it the kernel ends a process of the session. */
  memoryBytes: number
  /** Processors' worth of time; may be a fraction. */
  cpus: number
  /** Processes and threads at a time. Beyond it none can be started. */
  pids: number
}

/** Writable inside at each target, by nobody but the session. A folder of the volume belongs to each name. */
export interface InstanceStorage {
  volume: Volume
  mounts: readonly { name: string; target: string }[]
}

export interface InstanceSpec<Program = CodeProgram> {
  place: InstancePlace
  program: Program
  networkMode: NetworkMode
  /** For VPC; without it the session reaches the platform alone. */
  vpc?: VpcIds
  /** Bounded by what the host has. */
  limits: InstanceLimits
  /** The whole environment of the agent; nothing is inherited. */
  env: Readonly<Record<string, string>>
  /** The TCP port on which the unmodified agent listens (8080 for HTTP). */
  port: number
  /** Only for a sandbox that takes storage; the place was prepared for this volume. */
  storage?: InstanceStorage
  /** One call a line, without its newline. Lines over 64 KiB are cut. Never throws. */
  onOutput(stream: 'stdout' | 'stderr', line: string): void
}

export interface InstanceExit {
  code: number | null
  signal: string | null
  /** The limit that ended it, as its owner should read it: `out of memory: limit 8192 MiB`. */
  limit?: string
}

export interface TerminalSize {
  columns: number
  rows: number
}

/** What `Instance.execute` starts. */
export interface ExecutionSpec {
  /** An absolute path inside the sandbox, and its arguments. */
  command: readonly string[]
  /** Added to the agent's own environment. */
  env?: Readonly<Record<string, string>>
  /** A terminal of this size. Without it: two pipes, and an empty standard input. */
  terminal?: TerminalSize
}

export interface ExecutionOutput {
  /** A terminal has one output: `stdout`. */
  stream: 'stdout' | 'stderr'
  bytes: Buffer
}

/** A process beside the agent. It ends with the session at the latest. */
export interface Execution {
  /**
   * What it writes, as it comes; no more is kept than a few pieces, so a reader that pauses makes it wait. One reader only.
   * Ends when the process has ended: what its background children write later is not waited for.
   */
  readonly output: AsyncIterable<ExecutionOutput>
  /** Resolves when it has ended and its output was read. Never rejects; what the sandbox took with it counts as SIGKILL. */
  readonly exited: Promise<InstanceExit>
  /** Types into the terminal. Without one, and after the end, nothing. */
  write(bytes: Uint8Array): void
  /** Tells the terminal its new size. Without one, and after the end, nothing. */
  resize(size: TerminalSize): void
  /** Ends its process group: at once, or with SIGHUP first when it has a terminal. Safe to call twice. */
  kill(): void
}

export interface Instance {
  readonly isolation: IsolationLevel
  readonly pid: number
  /** As it is now. Less than the network mode says is told; more never happens but at a level without a boundary, which tells it too. */
  readonly reach: Reach
  /** Resolves when the process tree has ended and its place is removed. Never rejects. */
  readonly exited: Promise<InstanceExit>
  /**
   * Resolves with the host's unix socket that leads to the agent's port once something accepts there.
   * May be called again when that socket refuses: the agent may have opened another. Makes a trial connection each time.
   * Rejects with PortError('sandbox', 'exited') when the process ends first, and with the signal's reason when aborted.
   */
  listening(signal: AbortSignal): Promise<{ socketPath: string }>
  /**
   * The socket on which a thread of the agent answers /ping while its loop is blocked: environment AGENTWORKS_PING_SOCKET names it inside.
   * Absent where new connections to the agent's port find such a thread by themselves; undefined while there is none.
   */
  standIn?(): Promise<string | undefined>
  /**
   * Starts a process inside the running sandbox, in the same namespaces and limits, with the agent's environment, files, working
   * folder and user, and with no right that the agent has not. PortError('sandbox', 'cannot-execute') names what is missing
   * (no such program, no terminal on this host), PortError('sandbox', 'exited') says that the instance has ended.
   */
  execute(spec: ExecutionSpec): Promise<Execution>
  /** SIGTERM, then SIGKILL to the whole tree after `graceMs`. Resolves when everything has ended. Safe to call twice. */
  stop(graceMs: number): Promise<void>
}

/** One promise of the isolation, tried on this host. */
export interface Guarantee {
  name: string
  holds: boolean
  detail: string
  /** The command that mends it, when there is one. */
  fix?: string
}

export interface Sandbox<Program = CodeProgram> {
  readonly level: IsolationLevel
  /** What the owner of an agent must know of this level; it opens the log of each session. */
  readonly notice: string
  /** The URL that the agent sees as its AWS endpoint, given the platform's real one. */
  platformUrl(realUrl: string): string
  /** Whether instances can be given storage; absent means no. */
  readonly takesStorage?: true
  /** Makes the folders of a new instance. Instances for the same volume run as the same user, who owns what lies in it. */
  prepare(instanceId: string, volumeId?: string): Promise<InstancePlace>
  /** Starts the agent. PortError('sandbox', 'cannot-start') when it could not be set up: `discard` the place then. */
  start(spec: InstanceSpec<Program>): Promise<Instance>
  /** Removes a prepared place that was never started. */
  discard(place: InstancePlace): Promise<void>
  /** Ends, by exact id, everything that an earlier platform on this data folder left running. Returns what it ended. */
  endOrphans(): Promise<string[]>
  /** Tries every promise on this host. */
  probe(): Promise<Guarantee[]>
  /** Makes ready what sessions share, so that the first does not wait for it. Never rejects. */
  warm(): Promise<void>
  /** Ends what sessions shared; called after their own end. */
  close(): Promise<void>
}

// Numbers that AWS documents for the runtime (developer guide: quotas, lifecycle settings, direct code deployment).
import type { InstanceLimits } from '#ports/sandbox.js'

export const agentRuntimesPerAccount = 1_000
export const versionsPerRuntime = 1_000
export const endpointsPerRuntime = 10

export const packedCodeBytes = 250 * 1024 * 1024
/** Developer guide: bedrock-agentcore-limits, maximum Docker image size. */
export const imageBytes = 2 * 1024 * 1024 * 1024
export const unpackedCodeBytes = 750 * 1024 * 1024

export const defaultIdleSeconds = 900
export const defaultMaxLifetimeSeconds = 28_800

/** From the request to the first byte of the answer. */
export const answerMs = 15 * 60_000
export const streamMs = 60 * 60_000
export const headerValueBytes = 4_096
/** Read whole, and it is a page of JSON. */
export const agentCardBytes = 1_048_576

/** AWS pings about every two seconds. */
export const pingEveryMs = 2_000
/** A session with nothing to do whose port stays silent this long is ended as unhealthy. */
export const unhealthyAfterMs = 60_000
/** From SIGTERM to SIGKILL; AWS allows itself 15 s for the whole teardown. */
export const stopGraceMs = 2_000

/** developer guide: quotas, hardware of a session (2 vCPU, 8 GB). AWS names no number of processes. */
export const instanceLimits: InstanceLimits = { memoryBytes: 8 * 1024 ** 3, cpus: 2, pids: 1_024 }

/** Of a session's storage, together for all its mount paths. AWS: 1 GB; the rest of a GiB is the file system's own. */
export const storageBytes = 1 << 30
/** AWS wipes storage 14 days after the last invocation. */
export const storageKeptMs = 14 * 24 * 60 * 60_000
export const storageSweepMs = 60 * 60_000
/** How often storage without a file system of its own is measured. */
export const storageMeasureMs = 5_000

/** InvokeAgentRuntimeCommand (API InvokeAgentRuntimeCommandRequestBody). */
export const commandBytes = 65_536
export const commandSeconds = { least: 1, most: 3_600, default: 300 } as const

/** Shells (runtime-get-started-command-shell). A shell without a client is kept so long. */
export const shellsPerSession = 10
export const shellReplayBytes = 256 * 1024
export const shellKeptMs = 60 * 60_000

/** The warm pool, which AWS keeps out of sight: what waits at once, and how many of them start at once beside sessions. */
export const maxWarmInstances = 64
export const warmStartsAtOnce = 2
/** After a session took one: its first answer goes before the start of the next. */
export const refillMs = 50
/** A new session finds at least this share of its maximum lifetime. */
export const lifetimeLeft = 0.75
/** A waiting agent that has been silent so long is replaced. */
export const warmSilentMs = 6_000
/** Between a failed start and the next try: doubled each time, up to the second. */
export const warmBackoffMs = { first: 1_000, longest: 60_000 } as const
/** Of a user's own JWT inside the agent's workload token; AWS's bound for a header that is passed on. */
export const userTokenCharacters = 4_096

/** An agent's workload access token: AWS's runtime keeps one so long, for each user. */
export const tokenReusedMs = 30 * 60_000
export const tokensKept = 2_000

// What went wrong, why, and the command that mends it. Everything that a command refuses with is one of these.

import type { PackingFailed } from '@agentworks/sdk/deploy'

export class Failure extends Error {
  override readonly name = 'Failure'
  /** Why, when it is known. */
  readonly why: string | undefined
  /** A command, or what to change. */
  readonly fix: string | undefined
  /** Under which the platform's own log has it. */
  readonly request: string | undefined
  readonly exitCode: 1 | 2

  constructor(what: string, options: { why?: string; fix?: string; request?: string; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(what, { cause: options.cause })
    this.why = options.why
    this.fix = options.fix
    this.request = options.request
    this.exitCode = options.exitCode ?? 1
  }
}

export function wrongUsage(what: string, fix?: string): Failure {
  return new Failure(what, { fix, exitCode: 2 })
}

/** Any error as a Failure: AWS clients' errors keep their name and message, refused connections say how to start the platform. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof Error)) return new Failure(String(error))
  if (isOfPacking(error)) {
    const { why, fix, isUsage } = error
    return new Failure(error.message, { why, fix: fix && inOptions(fix), exitCode: isUsage ? 2 : 1, cause: error })
  }
  if (codeOf(error) === 'ECONNREFUSED') {
    return new Failure('the platform does not answer', { why: error.message, fix: 'agentworks start', cause: error })
  }
  if (codeOf(error) === 'EADDRINUSE') {
    return new Failure(`something else listens on that port: ${error.message}`, {
      why: 'a platform on another data folder, or another program',
      fix: 'agentworks start --port 0   (takes a free one)',
      cause: error,
    })
  }
  if (codeOf(error) === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return new Failure(`this user may not listen on that port: ${error.message}`, {
      why: "ports below 1024 are the administrator's to give",
      fix: 'a port from 1024 on, or sudo sysctl -w net.ipv4.ip_unprivileged_port_start=443',
      cause: error,
    })
  }
  if ('$metadata' in error)
    return new Failure(`${error.name}: ${error.message}`, { request: requestOf(error.$metadata), fix: fixFor(error), cause: error })
  return new Failure(error.message || error.name, { why: causeOf(error), cause: error })
}

const fixes: Readonly<Record<string, string>> = {
  UnsupportedOperationException: 'see what this version executes: docs/conformance.md',
  ExpiredTokenException: 'take fresh credentials: agentworks env',
  UnrecognizedClientException: 'the keys in your environment belong to another platform: eval "$(agentworks env)"',
}

/** What is missing, the message says first. */
const lists: readonly (readonly [missing: RegExp, command: string])[] = [
  [/^Workload identity/, 'agentworks identity workloads list'],
  [/^\w+ credential provider/i, 'agentworks identity providers list'],
  [/^Memory/, 'agentworks memory list'],
  [/^The role/, 'agentworks roles list'],
  [/^The (?:user|access key)/, 'agentworks keys list'],
]

function fixFor({ name, message }: Error): string | undefined {
  if (name !== 'ResourceNotFoundException' && name !== 'NoSuchEntityException') return fixes[name]
  const list = lists.find(([missing]) => missing.test(message))?.[1]
  if (list) return `see what exists: ${list}`
  return name === 'ResourceNotFoundException' ? 'see what exists: agentworks agents list' : undefined
}

function requestOf(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('requestId' in metadata)) return undefined
  return typeof metadata.requestId === 'string' ? metadata.requestId : undefined
}

function causeOf(error: Error): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined
}

function codeOf(error: Error): unknown {
  if ('code' in error) return error.code
  return error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined
}

/** By its name: the packing is loaded by the one command that packs. */
function isOfPacking(error: Error): error is PackingFailed {
  return error.name === 'PackingFailed' && 'isUsage' in error
}

/** The SDK's words for an argument, in the spelling of the command line. */
function inOptions(fix: string): string {
  return fix.replaceAll(/\bentryPoint: '([^']*)'/g, '--entry-point $1').replaceAll(/\bentryPoint\b/g, '--entry-point')
}

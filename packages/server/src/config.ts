// The environment, read once into one frozen object. A value that cannot be meant stops the start with its name.
import { isIP } from 'node:net'
import { type Allowed, parseAllowed } from '#adapters/outgoing/allowed.js'
import type { InstanceLimits, IsolationLevel } from '#ports/sandbox.js'
import { runtimeLimits } from '#services/runtime/index.js'

export interface Config {
  /** The one account that everything belongs to. */
  account: string
  /** What `agentworks env` tells clients; each request names its own. */
  region: string
  /** `auto` takes the strongest level that works on this host. */
  isolation: IsolationLevel | 'auto'
  allowedHosts: readonly string[]
  maxSessions: number
  /** Absent: no limit, as a machine of one's own has no neighbours. */
  newSessionsPerSecond: number | undefined
  requestsPerSecond: number | undefined
  /** `aws`: memory takes as many calls a second as AWS does. */
  memoryQuotas: 'aws' | 'none'
  /** Of one session; AWS's figures unless the operator has others. */
  sessionLimits: InstanceLimits
  /** Started ahead for each runtime that does not say how many, and at most for all together. */
  warmInstances: number
  maxWarmInstances: number
  startMs: number
  /** What the operator says of the internet of sessions: ranges beside those that none may reach, and resolvers in place of the host's. */
  egress: { refused: { ipv4: readonly string[]; ipv6: readonly string[] }; resolvers: readonly string[] }
  /** Where the platform's own calls may go beside the open internet. */
  allowEgress: readonly Allowed[]
  /** The map of VPC ids, in place of the data folder's `vpc.json`. */
  vpcFile: string | undefined
  /** The map of KMS keys, in place of the data folder's `kms.json`. */
  kmsFile: string | undefined
  /** What the platform's own JWTs name as their issuer, where that is not the address it listens on. */
  issuerUrl: string | undefined
  logLevel: 'debug' | 'info' | 'warn' | 'error'
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

export function readConfig(env: Environment): Readonly<Config> {
  return Object.freeze({
    account: matching(env, 'AGENTWORKS_ACCOUNT_ID', /^[0-9]{12}$/, 'twelve digits', '000000000000'),
    region: matching(env, 'AGENTWORKS_REGION', /^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'an AWS Region such as us-east-1', 'us-east-1'),
    isolation: oneOf(env, 'AGENTWORKS_ISOLATION', ['auto', 'process', 'bubblewrap'] as const, 'auto'),
    allowedHosts: list(env, 'AGENTWORKS_ALLOWED_HOSTS').map((name) => name.toLowerCase()),
    maxSessions: whole(env, 'AGENTWORKS_MAX_SESSIONS', 1, 100_000, 500),
    newSessionsPerSecond: wholeOrNone(env, 'AGENTWORKS_NEW_SESSIONS_PER_SECOND', 1, 100_000),
    requestsPerSecond: wholeOrNone(env, 'AGENTWORKS_REQUESTS_PER_SECOND', 1, 1_000_000),
    memoryQuotas: oneOf(env, 'AGENTWORKS_MEMORY_QUOTAS', ['aws', 'none'] as const, 'none'),
    sessionLimits: {
      // Below this Node does not start.
      memoryBytes: whole(env, 'AGENTWORKS_SESSION_MEMORY_MB', 64, 1_048_576, runtimeLimits.instanceLimits.memoryBytes / 2 ** 20) * 2 ** 20,
      cpus: whole(env, 'AGENTWORKS_SESSION_CPUS', 1, 1_024, runtimeLimits.instanceLimits.cpus),
      pids: whole(env, 'AGENTWORKS_SESSION_PROCESSES', 32, 1_000_000, runtimeLimits.instanceLimits.pids),
    },
    warmInstances: whole(env, 'AGENTWORKS_WARM_INSTANCES', 0, 1_000, 0),
    maxWarmInstances: whole(env, 'AGENTWORKS_MAX_WARM_INSTANCES', 0, 100_000, runtimeLimits.maxWarmInstances),
    // AWS gives an agent 120 s to its first answer (developer guide: runtime-v2-optimize).
    startMs: whole(env, 'AGENTWORKS_START_SECONDS', 1, 900, 120) * 1000,
    egress: { refused: ranges(env, 'AGENTWORKS_REFUSE_EGRESS'), resolvers: resolvers(env, 'AGENTWORKS_RESOLVERS') },
    allowEgress: list(env, 'AGENTWORKS_ALLOW_EGRESS').map(allowed),
    vpcFile: env.AGENTWORKS_VPC_FILE || undefined,
    kmsFile: env.AGENTWORKS_KMS_FILE || undefined,
    issuerUrl: issuerUrl(env, 'AGENTWORKS_ISSUER_URL'),
    logLevel: oneOf(env, 'AGENTWORKS_LOG_LEVEL', ['debug', 'info', 'warn', 'error'] as const, 'info'),
  })
}

function list(env: Environment, name: string): string[] {
  return (env[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}

function issuerUrl(env: Environment, name: string): string | undefined {
  const value = env[name]
  if (!value) return undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password && !value.endsWith('/')
  // Verifiers compare it letter for letter, so it must be spelled as they will spell it.
  if (!isPlain) throw new ConfigError(`${name} is "${value}"; it must be a URL such as https://issuer.example.com, with no slash at its end.`)
  return value
}

function ranges(env: Environment, name: string) {
  const all = list(env, name)
  for (const range of all) {
    const [address = '', length = '', ...more] = range.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    const isRange = isIP(address) > 0 && /^[0-9]{1,3}$/.test(length) && Number(length) <= most && more.length === 0
    if (!isRange) throw new ConfigError(`${name} holds "${range}"; it must be ranges such as 203.0.113.0/24 or 2001:db8::/32, with commas between.`)
  }
  return { ipv4: all.filter((range) => !range.includes(':')), ipv6: all.filter((range) => range.includes(':')) }
}

function allowed(rule: string): Allowed {
  const found = parseAllowed(rule)
  if (!found)
    throw new ConfigError(`--allow-egress or AGENTWORKS_ALLOW_EGRESS is "${rule}"; it must be HOST, HOST:PORT or a range such as 10.20.0.0/16.`)
  return found
}

function resolvers(env: Environment, name: string): string[] {
  const all = list(env, name)
  for (const resolver of all) {
    const [, bracketed = '', plain = '', port = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::([0-9]{1,5}))?$/.exec(resolver) ?? []
    const isResolver = isIP(resolver) === 6 || ((isIP(bracketed) === 6 || isIP(plain) === 4) && Number(port) >= 1 && Number(port) <= 65_535)
    if (!isResolver)
      throw new ConfigError(`${name} holds "${resolver}"; it must be addresses such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53.`)
  }
  return all
}

function matching(env: Environment, name: string, pattern: RegExp, rule: string, fallback: string): string {
  const value = env[name] || fallback
  if (!pattern.test(value)) throw new ConfigError(`${name} is "${value}"; it must be ${rule}.`)
  return value
}

function oneOf<Choice extends string>(env: Environment, name: string, choices: readonly Choice[], fallback: Choice): Choice {
  const value = env[name] || fallback
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) throw new ConfigError(`${name} is "${value}"; it must be one of ${choices.join(', ')}.`)
  return chosen
}

function wholeOrNone(env: Environment, name: string, least: number, most: number): number | undefined {
  return env[name] ? whole(env, name, least, most, least) : undefined
}

function whole(env: Environment, name: string, least: number, most: number, fallback: number): number {
  const value = env[name] ? Number(env[name]) : fallback
  if (!Number.isInteger(value) || value < least || value > most)
    throw new ConfigError(`${name} is "${env[name]}"; it must be a whole number from ${least} to ${most}.`)
  return value
}

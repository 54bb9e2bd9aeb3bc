// The environment, read once into one frozen object. A value that cannot be meant stops the start with its name.
import type { IsolationLevel } from '#ports/sandbox.js'

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
  startMs: number
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
    allowedHosts: (env.AGENTWORKS_ALLOWED_HOSTS ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean),
    maxSessions: whole(env, 'AGENTWORKS_MAX_SESSIONS', 1, 100_000, 500),
    newSessionsPerSecond: wholeOrNone(env, 'AGENTWORKS_NEW_SESSIONS_PER_SECOND', 1, 100_000),
    requestsPerSecond: wholeOrNone(env, 'AGENTWORKS_REQUESTS_PER_SECOND', 1, 1_000_000),
    // AWS gives an agent 120 s to its first answer (developer guide: runtime-v2-optimize).
    startMs: whole(env, 'AGENTWORKS_START_SECONDS', 1, 900, 120) * 1000,
    logLevel: oneOf(env, 'AGENTWORKS_LOG_LEVEL', ['debug', 'info', 'warn', 'error'] as const, 'info'),
  })
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

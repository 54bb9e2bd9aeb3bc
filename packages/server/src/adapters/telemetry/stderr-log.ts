// The platform's own log: one line an entry on stderr, JSON for machines or words for a terminal.
import type { Clock } from '#kernel/clock.js'
import type { Facts, Log } from '#ports/telemetry.js'
import { safeFacts, safeText } from './facts.js'

const levels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof levels)[number]

export interface StderrLogOptions {
  clock: Pick<Clock, 'now'>
  /** What is below is dropped. */
  level?: LogLevel
  /** `pretty` when stderr is a terminal, else `json`. */
  format?: 'json' | 'pretty'
  write?: (line: string) => void
}

export function stderrLog({ clock, level = 'info', format = defaultFormat(), write = writeToStderr }: StderrLogOptions): Log {
  const render = format === 'json' ? asJson : asWords
  const at = (name: LogLevel) => {
    if (levels.indexOf(name) < levels.indexOf(level)) return () => {}
    return (message: string, facts: Facts = {}) => write(render(new Date(clock.now()).toISOString(), name, safeText(message), safeFacts(facts)))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

type SafeFacts = ReturnType<typeof safeFacts>

/** The entry's own members stand first, for the reader, and are set last, so that no fact can pass for one of them. */
function asJson(time: string, level: LogLevel, message: string, facts: SafeFacts): string {
  const own = { time, level, message }
  return `${JSON.stringify(Object.assign({ ...own }, facts, own))}\n`
}

function asWords(time: string, level: LogLevel, message: string, facts: SafeFacts): string {
  const words = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : value}`,
  )
  return [time.slice(11, 23), level.padEnd(5), message, ...words].join(' ').concat('\n')
}

function defaultFormat(): 'json' | 'pretty' {
  return process.stderr.isTTY ? 'pretty' : 'json'
}

function writeToStderr(line: string): void {
  process.stderr.write(line)
}

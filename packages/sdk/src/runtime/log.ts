// One JSON object a line, so that the platform can attach each line to its session and request.
import { getContext } from './context.js'

/** `facts` become members of the line; `error` among them is written as errorType, errorMessage, stackTrace and location. */
export interface Logger {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
}

const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'OFF'] as const

type Level = (typeof levels)[number]

/** Names that the two official SDKs and their users write for the same levels. */
const alsoCalled: Readonly<Record<string, Level>> = { TRACE: 'DEBUG', WARN: 'WARNING', CRITICAL: 'ERROR', FATAL: 'ERROR', SILENT: 'OFF', NONE: 'OFF' }

/** LOG_LEVEL in any case; `undefined` when the name is not known. */
function levelOf(text: string): Level | undefined {
  const name = text.trim().toUpperCase()
  return levels.find((level) => level === name) ?? (Object.hasOwn(alsoCalled, name) ? alsoCalled[name] : undefined)
}

interface Options {
  name: string
  /** Lines below it are not written. */
  level: Level
  write: (line: string) => void
  now: () => number
}

function jsonLogger({ name, level: least, write, now }: Options): Logger {
  const line = (level: Level) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
    const context = getContext()
    const { error, ...others } = facts ?? {}
    const members = {
      ...others,
      timestamp: new Date(now()).toISOString(),
      level,
      message,
      logger: name,
      ...(context && { requestId: context.requestId, sessionId: context.sessionId }),
      ...(error !== undefined && describe(error)),
    }
    write(`${safeJson(members)}\n`)
  }
  const log = (level: Level) => (levels.indexOf(level) >= levels.indexOf(least) ? line(level) : () => {})
  return { debug: log('DEBUG'), info: log('INFO'), warn: log('WARNING'), error: log('ERROR') }
}

/** As LOG_LEVEL wishes; `debug` counts where it says nothing. */
export function logToStdout({ debug, env, now }: { debug: boolean; env: Readonly<Record<string, string | undefined>>; now: () => number }): Logger {
  const wish = env.LOG_LEVEL ?? ''
  const level = levelOf(wish)
  const logger = jsonLogger({
    name: 'agentworks.app',
    level: level ?? (debug ? 'DEBUG' : 'INFO'),
    write: (line) => process.stdout.write(line),
    now,
  })
  if (wish !== '' && !level) logger.warn(`LOG_LEVEL is ${JSON.stringify(wish)}, which is none of DEBUG, INFO, WARNING, ERROR, OFF: INFO counts`)
  return logger
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    errorType: error.name,
    errorMessage: error.message,
    stackTrace: frames.map((frame) => frame.trim()),
    location: frames[0]?.trim().replace(/^at /, ''),
  }
}

/** A fact that JSON cannot hold must not cost the line, let alone the request. */
function safeJson(line: Record<string, unknown>): string {
  try {
    return JSON.stringify(line)
  } catch {
    return JSON.stringify(Object.fromEntries(Object.entries(line).map(([key, value]) => [key, String(value)])))
  }
}

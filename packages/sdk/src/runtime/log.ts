// One JSON object a line, so that the platform can attach each line to its session and request.
import { getContext, type RequestContext, runInContext } from './context.js'

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

/** What the app itself logs by, beside its author. */
export interface AppLog extends Logger {
  /** The line that each request ends with. It may wait a moment for others to be written with, but comes before any later one. */
  completed(message: string, context: RequestContext, startedAt: number): void
}

/** Lets another logger take the app's own lines too. */
export function appLog(logger: Logger): AppLog {
  if ('completed' in logger) return logger as AppLog
  const { debug, info, warn, error } = logger
  const completed = (message: string, context: RequestContext, startedAt: number) =>
    runInContext(context, () => info.call(logger, message, { durationMs: since(startedAt) }))
  return { debug: debug.bind(logger), info: info.bind(logger), warn: warn.bind(logger), error: error.bind(logger), completed }
}

export const since = (startedAt: number) => Math.round((performance.now() - startedAt) * 100) / 100

interface Options {
  name: string
  /** Lines below it are not written. */
  level: Level
  write: (text: string) => void
  now: () => number
}

function jsonLogger({ name, level: least, write, now }: Options): AppLog {
  const out = gathered(write)
  const stamp = stamped(now)
  const line = (level: Level) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
    const context = getContext()
    const { error, ...others } = facts ?? {}
    const members = {
      ...others,
      timestamp: stamp(),
      level,
      message,
      logger: name,
      ...(context && { requestId: context.requestId, sessionId: context.sessionId }),
      ...(error !== undefined && describe(error)),
    }
    out.now(`${safeJson(members)}\n`)
  }
  const isWritten = (level: Level) => levels.indexOf(level) >= levels.indexOf(least)
  const log = (level: Level) => (isWritten(level) ? line(level) : () => {})
  const completed = (message: string, { requestId, sessionId }: RequestContext, startedAt: number) => {
    const members = { durationMs: since(startedAt), timestamp: stamp(), level: 'INFO', message, logger: name, requestId, sessionId }
    out.soon(`${JSON.stringify(members)}\n`)
  }
  return { debug: log('DEBUG'), info: log('INFO'), warn: log('WARNING'), error: log('ERROR'), completed: isWritten('INFO') ? completed : () => {} }
}

/** A write is a system call that waits for the pipe; lines that nobody waits for share one. */
function gathered(write: (text: string) => void) {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    unwritten.delete(flush)
    if (waiting === '') return
    const text = waiting
    waiting = ''
    write(text)
  }
  return {
    now(line: string) {
      waiting += line
      flush()
    },
    soon(line: string) {
      timer ??= setTimeout(flush, soonMs).unref()
      unwritten.add(flush)
      waiting += line
      if (waiting.length > 64 * 1024) flush()
    },
  }
}

const soonMs = 5

/** One listener for all loggers: what waits when the process exits is written then. */
const unwritten = new Set<() => void>()
process.on('exit', () => {
  for (const flush of unwritten) flush()
})

/** The text of a moment is made once for all lines of that moment. */
function stamped(now: () => number): () => string {
  let moment = Number.NaN
  let text = ''
  return () => {
    const time = now()
    if (time !== moment) {
      moment = time
      text = new Date(time).toISOString()
    }
    return text
  }
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

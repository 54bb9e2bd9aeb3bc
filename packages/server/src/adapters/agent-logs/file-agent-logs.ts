// Agents' output in files of JSON lines, one for each runtime, with one older file kept beside it.
// They outlive their runtime, as CloudWatch's do: what an agent printed is asked for most after it is gone.
import { createWriteStream, type WriteStream } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { AgentLogLine, AgentLogs } from '#ports/agent-logs.js'

const largestFile = 10 * 1024 * 1024
/** A runtime that prints faster than the disk takes loses lines rather than filling the platform's memory. */
const mostWaiting = 4 * 1024 * 1024
/** Each open file takes a descriptor of the platform; a runtime that is silent needs none. */
const mostOpen = 64
/** AWS's form of the id. It becomes a file name, and readers choose it: nothing else may reach a path. */
const idForm = /^[A-Za-z][A-Za-z0-9_]{0,99}-[A-Za-z0-9]{10}$/

interface OpenLog {
  stream: WriteStream
  size: number
  rotating: Promise<void> | undefined
  dropped: number
}

export function fileAgentLogs(dir: string): AgentLogs {
  const open = new Map<string, OpenLog>()
  const followers = new Map<string, Set<(line: AgentLogLine) => void>>()
  const pathOf = (agentRuntimeId: string) => join(dir, `${agentRuntimeId}.jsonl`)

  function logOf(agentRuntimeId: string): OpenLog {
    const path = pathOf(agentRuntimeId)
    let log = open.get(agentRuntimeId)
    if (!log) {
      closeLeastRecent()
      log = { stream: appendTo(path), size: 0, rotating: undefined, dropped: 0 }
      void countExisting(log, path)
    } else if (log.stream.destroyed && !log.rotating) {
      // The disk may have room again.
      log.stream = appendTo(path)
    }
    // Last in the map is the most recently used.
    open.delete(agentRuntimeId)
    open.set(agentRuntimeId, log)
    return log
  }

  /** Makes room for one more. Only what has nothing left to write is closed: lines could otherwise land behind those of the next opening. */
  function closeLeastRecent() {
    for (const [agentRuntimeId, { stream, rotating, dropped }] of open) {
      if (open.size < mostOpen) return
      if (rotating || stream.writableLength > 0 || dropped > 0) continue
      stream.end()
      open.delete(agentRuntimeId)
    }
  }

  function rotate(agentRuntimeId: string, log: OpenLog) {
    const path = pathOf(agentRuntimeId)
    const full = log.stream
    log.size = 0
    log.rotating = (async () => {
      full.end()
      await finished(full).catch(() => undefined)
      await rename(path, `${path}.1`).catch(() => undefined)
      log.stream = appendTo(path)
      log.rotating = undefined
    })()
  }

  return {
    append(agentRuntimeId, line) {
      if (!idForm.test(agentRuntimeId)) return
      for (const tell of followers.get(agentRuntimeId) ?? []) tell(line)
      const log = logOf(agentRuntimeId)
      if (log.rotating || log.stream.writableLength > mostWaiting) {
        log.dropped += 1
        return
      }
      if (log.dropped > 0) {
        const notice: AgentLogLine = {
          ...line,
          stream: 'platform',
          line: `${log.dropped} lines were dropped: they came faster than they could be written, or the disk took none`,
        }
        const told = log.dropped
        log.dropped = 0
        write(log, notice, told)
      }
      write(log, line, 1)
      if (log.size > largestFile) rotate(agentRuntimeId, log)
    },

    async read(agentRuntimeId, { runtimeSessionId, tail }) {
      if (!idForm.test(agentRuntimeId)) return []
      const log = open.get(agentRuntimeId)
      await log?.rotating
      if (log) await new Promise((resolve) => log.stream.write('', resolve))
      const path = pathOf(agentRuntimeId)
      const [older, newer] = await Promise.all([textOf(`${path}.1`), textOf(path)])
      const lines = `${older}${newer}`
        .split('\n')
        .filter(Boolean)
        .map(parseLine)
        .filter((line) => line !== undefined)
      const chosen = runtimeSessionId === undefined ? lines : lines.filter((line) => line.runtimeSessionId === runtimeSessionId)
      return tail === 0 ? [] : chosen.slice(-tail)
    },

    follow(agentRuntimeId, onLine) {
      const listeners = followers.get(agentRuntimeId) ?? new Set()
      followers.set(agentRuntimeId, listeners)
      listeners.add(onLine)
      return () => {
        listeners.delete(onLine)
        if (listeners.size === 0 && followers.get(agentRuntimeId) === listeners) followers.delete(agentRuntimeId)
      }
    },

    async close() {
      for (const log of open.values()) {
        await log.rotating
        log.stream.end()
        await finished(log.stream).catch(() => undefined)
      }
      open.clear()
    },
  }
}

function appendTo(path: string): WriteStream {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  // A full disk must not end the platform; the lines are lost, the agents go on.
  stream.on('error', () => undefined)
  return stream
}

/** `standsFor`: how many of the agent's lines are lost when this one is. */
function write(log: OpenLog, line: AgentLogLine, standsFor: number): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
  log.size += bytes.length
  log.stream.write(bytes, (fault) => {
    if (!fault) return
    log.dropped += standsFor
    log.size -= bytes.length
  })
}

async function countExisting(log: OpenLog, path: string) {
  log.size += (await stat(path).catch(() => undefined))?.size ?? 0
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '')

/** The last line of a file may be cut off by a crash. */
function parseLine(text: string): AgentLogLine | undefined {
  try {
    return JSON.parse(text) as AgentLogLine
  } catch {
    return undefined
  }
}

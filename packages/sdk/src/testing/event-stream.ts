// Reads server-sent events back into the items that a generator made.
import type { Readable } from 'node:stream'
import { InvocationFailed } from './invocation-failed.js'

/** Throws InvocationFailed at an error event, ours or the Python SDK's (a plain item with `error` and `error_type`). */
export async function* itemsOf(stream: Readable): AsyncGenerator<unknown, void, undefined> {
  let rest = ''
  for await (const piece of stream.setEncoding('utf8')) {
    const blocks = `${rest}${piece}`.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split(/\r?\n/)
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''))
      // A comment keeps the connection alive and says nothing.
      if (data.length === 0) continue
      const item = parsed(data.join('\n'))
      if (lines.some((line) => /^event: ?error$/.test(line)) || isError(item)) throw new InvocationFailed(200, item)
      yield item
    }
  }
}

function isError(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'error' in item && 'error_type' in item
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

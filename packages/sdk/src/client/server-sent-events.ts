// Reads server-sent events as the HTML standard has them.

/** One event of a `text/event-stream` answer. */
export interface ServerSentEvent {
  /** `message` when the agent named none. */
  event: string
  /** The latest id that was given; empty when none was. */
  id: string
  data: string
}

/** Yields each event as it ends. Comments say nothing; the last event needs no empty line after it. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  for await (const chunk of ended(body)) {
    rest += decoder.decode(chunk, { stream: true })
    // A carriage return at the end may be the first half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', id, data: data.join('\n') }
        event = ''
        data = []
        continue
      }
      const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
      if (field === 'data') data.push(value)
      else if (field === 'event') event = value
      else if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}

/** Agents that end with their last line mean it: a connection that broke throws instead. */
async function* ended(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* body
  yield Buffer.from('\n\n')
}

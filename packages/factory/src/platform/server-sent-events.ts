// The data of server-sent events, as each event ends. Comments, ids and event names are skipped.
import { jsonOrText } from './json-or-text.js'

/** Yields the parsed JSON of each event's data, or its text when it is no JSON. */
export async function* sseData(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield jsonOrText(data.join('\n'))
        data = []
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    }
  }
  if (rest.startsWith('data:')) data.push(rest.slice(rest[5] === ' ' ? 6 : 5))
  if (data.length > 0) yield jsonOrText(data.join('\n'))
}

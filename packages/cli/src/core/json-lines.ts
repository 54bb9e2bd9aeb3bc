import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

/** The platform's streams of JSON, one object a line, as they come. */
export async function* jsonLines<Line>(response: Response): AsyncGenerator<Line> {
  if (!response.body) return
  const input = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
  for await (const text of createInterface({ input })) if (text !== '') yield JSON.parse(text) as Line
}

// Pieces of an answer for a person's eyes, as they come: text as text, tools as notes, anything else as JSON.
import { repeatsWhole, textOf, toolOf } from '@agentworks/factory'
import type { Output } from '#core/output.js'

/** Returns all the text. */
export async function showPieces(pieces: AsyncIterable<unknown>, out: Output): Promise<string> {
  let text = ''
  for await (const piece of pieces) {
    const tool = toolOf(piece)
    if (tool !== undefined) {
      out.note(`[${tool} …]`)
      continue
    }
    // What was streamed is on the screen already.
    if (text !== '' && repeatsWhole(piece)) continue
    const part = shownOf(piece, text)
    out.piece(part)
    text += part
  }
  if (text !== '' && !text.endsWith('\n')) out.piece('\n')
  return text
}

/** What has no text of its own stands on a line of its own, or the ends of the pieces would not be seen. */
function shownOf(piece: unknown, before: string): string {
  const part = textOf(piece)
  if (typeof piece !== 'object' || part !== JSON.stringify(piece)) return part
  return `${before === '' || before.endsWith('\n') ? '' : '\n'}${part}\n`
}

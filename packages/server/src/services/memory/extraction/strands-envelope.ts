// AgentCoreMemorySessionManager, of AWS's Python SDK for Strands, keeps a message as JSON in the text of a conversational item. What was
// said is inside of it; the rest (ids, usage, times) is nothing to learn from.
const begins = '{"message": {'
/** What it had put before the user's words from this same memory: learned once, not again from its echo. */
const context = /^<user_context>[\s\S]*<\/user_context>$/

export function saidIn(text: string): string {
  if (!text.startsWith(begins)) return text
  try {
    const { message } = JSON.parse(text) as { message?: { content?: unknown } }
    if (!Array.isArray(message?.content)) return text
    const texts = message.content.flatMap((block: unknown) => {
      const found: unknown = typeof block === 'object' && block !== null ? Reflect.get(block, 'text') : undefined
      return typeof found === 'string' && !context.test(found) ? [found] : []
    })
    return texts.length > 0 ? texts.join('\n') : text
  } catch {
    return text
  }
}

// Tokens are for an audience. OAuth names it by `resource`, which must be a URI; most providers take `audience`, which may be any
// word. Inside, both are resources; outside, each is what the client wrote.

const wordPrefix = 'urn:agentworks:audience:'
/** Of tokens whose client names none. */
const usualAudience = 'agentworks'

export function audienceOf(word: string | undefined): string {
  return `${wordPrefix}${encodeURIComponent(word || usualAudience)}`
}

export function wordOf(resource: string): string {
  if (!resource.startsWith(wordPrefix)) return resource
  try {
    return decodeURIComponent(resource.slice(wordPrefix.length))
  } catch {
    // A client's own URI that only begins like ours.
    return resource
  }
}

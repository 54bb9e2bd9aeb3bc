// Models of a local Ollama, over its OpenAI-compatible interface.
import { openAiModels } from '#adapters/models-openai/index.js'
import type { ModelProvider } from '#ports/model-provider.js'

/** `host` as OLLAMA_HOST may hold it: `127.0.0.1:11434`, `http://box:11434`, `box`. Throws on what is no address. */
export function ollamaModels({ host, now, timeoutMs }: { host: string; now: () => number; timeoutMs?: number }): ModelProvider {
  // Ollama asks for no key; the library wants one.
  return openAiModels({ name: 'ollama', apiKey: 'none', baseUrl: `${addressOf(host)}/v1`, now, ...(timeoutMs !== undefined && { timeoutMs }) })
}

function addressOf(host: string): string {
  const hasScheme = /^https?:\/\//.test(host)
  let url: URL
  try {
    url = new URL(hasScheme ? host : `http://${host}`)
  } catch (cause) {
    throw new Error(`OLLAMA_HOST is ${JSON.stringify(host)}; it must be an address such as 127.0.0.1:11434.`, { cause })
  }
  if (url.port === '' && !hasScheme) url.port = '11434'
  // What a server binds to is not where a client goes.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  return url.href.replace(/\/+$/, '')
}

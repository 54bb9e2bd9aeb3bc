import { BedrockAgentCoreApp, HttpError } from '@agentworks/sdk/runtime'

interface Question {
  prompt?: string
  stream?: boolean
}

export const app = new BedrockAgentCoreApp()

export const answer = app.entrypoint(({ prompt, stream }: Question, { sessionId }) => {
  if (!prompt) throw new HttpError(400, 'send {"prompt": "..."}')
  app.logger.info('asked', { length: prompt.length })
  return stream ? words(prompt) : { response: `You said: ${prompt}`, sessionId }
})

// A generator answers as server-sent events, one for each item.
async function* words(prompt: string) {
  for (const word of prompt.split(' ')) yield { text: `${word} ` }
}

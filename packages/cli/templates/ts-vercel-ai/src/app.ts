import { BedrockAgentCoreApp, HttpError } from '@agentworks/sdk/runtime'
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { generateText, isStepCount, tool } from 'ai'
import { z } from 'zod'
import { calculate } from './calculate.js'

// This provider signs by itself: it is told where the models are, and where the session's credentials come from.
const bedrock = createAmazonBedrock({
  region: process.env.AWS_REGION ?? 'us-east-1',
  credentialProvider: fromNodeProviderChain(),
  ...(process.env.AWS_ENDPOINT_URL && { baseURL: process.env.AWS_ENDPOINT_URL }),
})

// Of Anthropic's models this provider asks for response fields that only Bedrock itself has.
const model = bedrock(process.env.MODEL_ID ?? 'us.amazon.nova-lite-v1:0')

const calculator = tool({
  description: 'Calculates an arithmetic expression',
  inputSchema: z.object({ expression: z.string().describe('the expression, as in 6 * 7') }),
  execute: async ({ expression }) => calculate(expression),
})

export const app = new BedrockAgentCoreApp()

app.entrypoint(async ({ prompt }: { prompt?: string }) => {
  if (!prompt) throw new HttpError(400, 'send {"prompt": "..."}')
  const { text } = await generateText({
    model,
    instructions: 'You calculate. Use the calculator.',
    prompt,
    tools: { calculator },
    stopWhen: isStepCount(5),
  })
  return { response: text }
})

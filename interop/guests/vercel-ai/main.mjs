// A Vercel AI agent on amazonBedrock. Its provider reads no AWS_ENDPOINT_URL and finds no credentials by itself: it is told both.
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { generateText, stepCountIs, tool } from 'ai'
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'
import { z } from 'zod'

const bedrock = createAmazonBedrock({
  baseURL: process.env.AWS_ENDPOINT_URL,
  region: process.env.AWS_REGION,
  credentialProvider: fromNodeProviderChain(),
})

const calculator = tool({
  description: 'Calculates an arithmetic expression, as in 6 * 7.',
  inputSchema: z.object({ expression: z.string() }),
  execute: async ({ expression }) => {
    const [left, right] = expression.split('*')
    return String(Number(left) * Number(right))
  },
})

const app = new BedrockAgentCoreApp({
  invocationHandler: {
    process: async (payload) => {
      const model = bedrock('us.anthropic.claude-sonnet-4-20250514-v1:0')
      const { text } = await generateText({
        model,
        system: 'You calculate.',
        prompt: payload.prompt,
        tools: { calculator },
        stopWhen: stepCountIs(5),
      })
      return { result: text }
    },
  },
})
app.run()

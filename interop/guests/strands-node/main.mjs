// A Strands agent for TypeScript. The model is its default one, on Bedrock.
import { Agent, tool } from '@strands-agents/sdk'
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'
import { z } from 'zod'

const calculator = tool({
  name: 'calculator',
  description: 'Calculates an arithmetic expression, as in 6 * 7.',
  inputSchema: z.object({ expression: z.string() }),
  callback: ({ expression }) => {
    const [left, right] = expression.split('*')
    return String(Number(left) * Number(right))
  },
})

const app = new BedrockAgentCoreApp({
  invocationHandler: {
    process: async (payload) => {
      const agent = new Agent({ tools: [calculator], systemPrompt: 'You calculate.', printer: false })
      return { result: String(await agent.invoke(payload.prompt)) }
    },
  },
})
app.run()

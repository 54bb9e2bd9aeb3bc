import { BedrockAgentCoreApp, HttpError } from '@agentworks/sdk/runtime'
import { Agent, BedrockModel, tool } from '@strands-agents/sdk'
import { z } from 'zod'
import { calculate } from './calculate.js'

const model = new BedrockModel({ modelId: process.env.MODEL_ID ?? 'global.anthropic.claude-sonnet-4-6' })

const calculator = tool({
  name: 'calculator',
  description: 'Calculates an arithmetic expression',
  inputSchema: z.object({ expression: z.string().describe('the expression, as in 6 * 7') }),
  callback: ({ expression }) => calculate(expression),
})

export const app = new BedrockAgentCoreApp()

app.entrypoint(async ({ prompt }: { prompt?: string }) => {
  if (!prompt) throw new HttpError(400, 'send {"prompt": "..."}')
  const agent = new Agent({ model, tools: [calculator], systemPrompt: 'You calculate. Use the calculator.', printer: false })
  return { response: (await agent.invoke(prompt)).toString() }
})

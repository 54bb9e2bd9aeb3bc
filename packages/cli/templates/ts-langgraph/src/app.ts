import { BedrockAgentCoreApp, HttpError } from '@agentworks/sdk/runtime'
import { ChatBedrockConverse } from '@langchain/aws'
import { SystemMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt'
import { z } from 'zod'
import { calculate } from './calculate.js'

const calculator = tool(({ expression }) => calculate(expression), {
  name: 'calculator',
  description: 'Calculates an arithmetic expression',
  schema: z.object({ expression: z.string().describe('the expression, as in 6 * 7') }),
})

const model = new ChatBedrockConverse({
  model: process.env.MODEL_ID ?? 'global.anthropic.claude-sonnet-4-6',
  region: process.env.AWS_REGION ?? 'us-east-1',
  // AWS's clients read the variable by themselves; this one of LangChain names a host of its own.
  ...(process.env.AWS_ENDPOINT_URL && { clientOptions: { endpoint: process.env.AWS_ENDPOINT_URL } }),
})
const instructions = new SystemMessage('You calculate. Use the calculator.')
const modelWithTools = model.bindTools([calculator])

const graph = new StateGraph(MessagesAnnotation)
  .addNode('model', async ({ messages }) => ({ messages: [await modelWithTools.invoke([instructions, ...messages])] }))
  .addNode('tools', new ToolNode([calculator]))
  .addEdge(START, 'model')
  .addConditionalEdges('model', toolsCondition)
  .addEdge('tools', 'model')
  .compile()

export const app = new BedrockAgentCoreApp()

app.entrypoint(async ({ prompt }: { prompt?: string }) => {
  if (!prompt) throw new HttpError(400, 'send {"prompt": "..."}')
  const { messages } = await graph.invoke({ messages: [{ role: 'user', content: prompt }] })
  return { response: messages.at(-1)?.text ?? '' }
})

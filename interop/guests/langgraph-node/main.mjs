// A LangGraph.js graph of two nodes, the model and its tools, on @langchain/aws' ChatBedrockConverse.
import { ChatBedrockConverse } from '@langchain/aws'
import { tool } from '@langchain/core/tools'
import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt'
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'
import { z } from 'zod'

const calculator = tool(
  ({ expression }) => {
    const [left, right] = expression.split('*')
    return String(Number(left) * Number(right))
  },
  { name: 'calculator', description: 'Calculates an arithmetic expression, as in 6 * 7.', schema: z.object({ expression: z.string() }) },
)

const model = new ChatBedrockConverse({ model: 'us.anthropic.claude-sonnet-4-20250514-v1:0', temperature: 0 }).bindTools([calculator])

const graph = new StateGraph(MessagesAnnotation)
  .addNode('think', async ({ messages }) => ({ messages: [await model.invoke([{ role: 'system', content: 'You calculate.' }, ...messages])] }))
  .addNode('tools', new ToolNode([calculator]))
  .addEdge(START, 'think')
  .addConditionalEdges('think', toolsCondition)
  .addEdge('tools', 'think')
  .compile()

const app = new BedrockAgentCoreApp({
  invocationHandler: {
    process: async (payload) => {
      const { messages } = await graph.invoke({ messages: [{ role: 'user', content: payload.prompt }] })
      return { result: messages.at(-1).text }
    },
  },
})
app.run()

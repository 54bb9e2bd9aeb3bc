// The builder's tools. Each returns facts as JSON; what fails throws, so that the model sees an error and never a success that is none.
import { type Tool, type ToolContext, tool } from '@strands-agents/sdk'
import { z } from 'zod'
import { type AgentMaking, askAgent, deployAgent, describeAgent, listAgents } from './agent-making.js'
import { smallToolNames } from './small-tools.js'

const nameField = z.string().min(1).max(100).describe('The name of the agent, for example GreeterBot')

export function agentTools(making: AgentMaking): Tool[] {
  return [
    tool({
      name: 'deploy_agent',
      description: 'Create a new agent, or a new version of an existing one: deploy it under a name, wait until it is ready and try it once.',
      inputSchema: z.object({
        name: nameField,
        purpose: z.string().min(1).max(1_000).describe('What the agent is for, in one sentence, for example: welcomes users'),
        systemPrompt: z.string().max(3_000).optional().describe('The instructions that the agent follows; made from name and purpose when absent'),
        tools: z
          .array(z.enum(smallToolNames))
          .optional()
          .describe('Only those that the job needs. calculator: arithmetic, sums and mathematics; current_time: date, time and clock'),
      }),
      // Optional rather than with a default: a default counts as required in the schema that the model sees.
      callback: ({ tools = [], ...wish }, context) => deployAgent(making, { ...wish, tools }, rehearses(context)),
    }),
    tool({
      name: 'list_agents',
      description: 'List all agents that exist, with status and version.',
      inputSchema: z.object({}),
      callback: () => listAgents(making),
    }),
    tool({
      name: 'get_agent',
      description: 'Show the details of one agent by its name: purpose, system prompt, tools, status, version.',
      inputSchema: z.object({ name: nameField }),
      callback: ({ name }) => describeAgent(making, name),
    }),
    tool({
      name: 'invoke_agent',
      description: 'Ask an existing agent something: send it a message and return its answer.',
      inputSchema: z.object({ name: nameField, prompt: z.string().min(1).max(10_000).describe('The message to send to the agent') }),
      callback: ({ name, prompt }, context) => askAgent(making, { name, prompt }, rehearses(context)),
    }),
  ]
}

/** A builder that only rehearses has its agents rehearse too. */
function rehearses(context: ToolContext | undefined): boolean {
  return context?.invocationState.rehearse === true
}

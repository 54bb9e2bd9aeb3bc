// The tools that a generic agent can have without any other service, by the name that AGENT_TOOLS uses.
import { type Tool, tool } from '@strands-agents/sdk'
import { z } from 'zod'
import { calculate, formatNumber } from './arithmetic.js'

/** What a builder may offer, with the words that help a model to choose. */
export const smallToolNames = ['calculator', 'current_time'] as const

export type SmallToolName = (typeof smallToolNames)[number]

export function isSmallTool(name: string): name is SmallToolName {
  return (smallToolNames as readonly string[]).includes(name)
}

export function smallTools(names: readonly SmallToolName[], now: () => number): Tool[] {
  const makers: Record<SmallToolName, () => Tool> = { calculator, current_time: () => currentTime(now) }
  return names.map((name) => makers[name]())
}

function calculator(): Tool {
  return tool({
    name: 'calculator',
    description: 'Calculate the exact value of an arithmetic expression. Use it for every calculation: + - * / % ^, parentheses, decimals.',
    inputSchema: z.object({ expression: z.string().describe('The arithmetic expression to calculate, for example 42 * 137') }),
    callback: ({ expression }) => {
      const result = formatNumber(calculate(expression))
      return { summary: `${expression} = ${result}`, expression, result }
    },
  })
}

function currentTime(now: () => number): Tool {
  return tool({
    name: 'current_time',
    description: 'Tell the current date and time, in UTC or in a named time zone.',
    inputSchema: z.object({ timeZone: z.string().optional().describe('IANA time zone, for example Europe/Berlin; UTC when absent') }),
    callback: ({ timeZone = 'UTC' }) => {
      const at = new Date(now())
      const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone }).format(at)
      return { summary: `It is ${local}.`, utc: at.toISOString(), timeZone, local }
    },
  })
}

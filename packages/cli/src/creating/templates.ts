// Which projects there are. A combination that is not here is refused by name, with those that are.
import { wrongUsage } from '#core/failure.js'

const frameworks = ['strands', 'langgraph', 'vercel-ai', 'none'] as const
const languages = ['ts', 'python'] as const
const protocols = ['HTTP', 'MCP', 'A2A', 'AGUI'] as const

export interface Choice {
  framework: (typeof frameworks)[number]
  language: (typeof languages)[number]
  protocol: (typeof protocols)[number]
}

/** Folder below `templates/`, and what a first question to it looks like. */
export interface Template extends Choice {
  folder: string
  ask: string
}

const model = '"What is 42 * 137?"'
const hello = '"Hello!"'
const add = `--payload '{"method": "tools/call", "params": {"name": "add", "arguments": {"a": 2, "b": 40}}}'`

const templates: readonly Template[] = [
  template('none', 'ts', 'HTTP', hello),
  template('none', 'ts', 'MCP', add),
  template('none', 'ts', 'A2A', hello),
  template('none', 'ts', 'AGUI', hello),
  template('none', 'python', 'HTTP', hello),
  ...(['strands', 'langgraph', 'vercel-ai'] as const).map((framework) => template(framework, 'ts', 'HTTP', model)),
  ...(['strands', 'langgraph'] as const).map((framework) => template(framework, 'python', 'HTTP', model)),
]

function template(framework: Choice['framework'], language: Choice['language'], protocol: Choice['protocol'], ask: string): Template {
  const folder = [language, framework, ...(protocol === 'HTTP' ? [] : [protocol.toLowerCase()])].join('-')
  return { framework, language, protocol, folder, ask }
}

export function chosenTemplate(asked: { framework: string; language: string; protocol: string }): Template {
  const framework = oneOf('--framework', asked.framework.toLowerCase(), frameworks)
  const language = oneOf('--language', asked.language.toLowerCase(), languages)
  const protocol = oneOf('--protocol', asked.protocol.toUpperCase(), protocols)
  const found = templates.find((one) => one.framework === framework && one.language === language && one.protocol === protocol)
  if (found) return found
  const near = templates.filter((one) => one.framework === framework || (protocol !== 'HTTP' && one.protocol === protocol))
  throw wrongUsage(`there is no project of ${words({ framework, language, protocol })}`, `one of: ${near.map((one) => words(one)).join('; ')}`)
}

const words = ({ framework, language, protocol }: Choice) => `--framework ${framework} --language ${language} --protocol ${protocol}`

function oneOf<Known extends string>(option: string, named: string, known: readonly Known[]): Known {
  const found = known.find((one) => one === named)
  if (found) return found
  throw wrongUsage(`${option} ${named} is not known`, `${option} ${known.join(', or ')}`)
}

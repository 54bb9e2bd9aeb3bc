// The nouns and verbs, with their options and examples. Each command's code is loaded when it is called, so that help is quick.

import { Command, Option } from 'commander'
import { callerCommands } from './caller-commands.js'
import type { AuditOptions } from './commands/audit.js'
import type { CreateOptions } from './commands/create.js'
import type { DeployOptions } from './commands/deploy.js'
import type { EnvOptions } from './commands/env.js'
import type { InvokeOptions } from './commands/invoke.js'
import type { LogOptions } from './commands/logs.js'
import type { StartOptions } from './commands/start.js'
import type { World } from './core/invoked.js'
import { actions, add, collect, count, noun, number, port } from './declare.js'
import { identityCommands } from './identity-commands.js'
import { memoryCommands } from './memory-commands.js'

type InvokeFlags = Omit<InvokeOptions, 'name' | 'prompt'>
type LogFlags = Omit<LogOptions, 'name'>

export function program(world: World): Command {
  const root = new Command('agentworks')
    .description('Agents in isolated sessions behind the AWS API, on your own machine, and a factory that makes them.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.stdout.write(text), writeErr: (text) => world.stderr.write(text) })
    .showHelpAfterError('(add --help for what is known here)')
  const on = actions(world)

  add(root, 'start', 'run the platform in the foreground', ['agentworks start', 'agentworks start --port 0 --data-dir /tmp/try'])
    .option('--port <number>', 'port to listen on; 0 picks a free one', port, 4680)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls', "serve a second port by TLS, under AWS's own host names, for clients that have these fixed")
    .option('--tls-port <number>', 'that port (default: the one after --port); 443 is where such clients look', port)
    .option('--tls-cert <file>', "your own certificate with its chain, PEM, instead of the platform's authority")
    .option('--tls-key <file>', 'the private key of --tls-cert, PEM')
    .addOption(
      new Option(
        '--allow-egress <host[:port]|range>',
        'open an address to calls that the platform itself makes, such as to a token endpoint; repeatable',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--no-factory', 'serve the platform alone: no builder agent is installed')
    .option('--prove', 'on the first start of a data folder, prove the main job once: the builder makes an agent, the agent answers')
    .action(on<[StartOptions]>(async (invoked, [options]) => (await import('./commands/start.js')).start(invoked, options)))

  add(root, 'env', 'print what an AWS client needs to reach the platform', [
    'eval "$(agentworks env)"',
    'agentworks env --write',
    'agentworks env --json',
    'agentworks env --tls',
  ])
    .option('--tls', 'for the TLS port: what to trust, and what to put into the hosts file')
    .option('--services', 'only the variables of services that the platform serves; other AWS services stay where they are')
    .option('--write [file]', 'write them to a file (.env), mode 0600, and add it to .gitignore')
    .action(on<[EnvOptions]>(async (invoked, [options]) => (await import('./commands/env.js')).env(invoked, options)))

  add(root, 'create', 'write a project with tests that deploys and answers as it stands', [
    'agentworks create my-agent',
    'agentworks create my-agent --framework strands',
    'agentworks create my-agent --framework langgraph --language python',
    'agentworks create my-tools --protocol MCP',
  ])
    .argument('<name>', 'name of the folder, and of the runtime with underscores: small letters, digits, - and _')
    .option('--framework <framework>', 'strands, langgraph, vercel-ai or none', 'none')
    .option('--language <language>', 'ts or python', 'ts')
    .option('--protocol <protocol>', 'HTTP, MCP, A2A or AGUI', 'HTTP')
    .option('--no-install', 'only write the files of a TypeScript project, without npm install')
    .action(on<[string, CreateOptions]>(async (invoked, [name, options]) => (await import('./commands/create.js')).create(invoked, name, options)))

  add(root, 'deploy', 'pack a folder, upload it, create or update its runtime, wait until it is READY', [
    'agentworks deploy ./my-agent --name my_agent',
    'agentworks deploy --name my_agent --entry-point src/main.mjs --env LEVEL=debug --env-file .env.agent',
    'agentworks deploy --image my-agent:latest --name my_agent',
    'agentworks deploy ./my-agent --memory notes',
  ])
    .argument('[dir]', 'the folder of the agent', '.')
    .option('--name <name>', 'name of the runtime: letters, digits and underscores, a letter first (default: from package.json, else the folder)')
    .option('--image <tag>', 'a container image of the local Docker or Podman store instead of a folder')
    .option('--force', "even under the name of the builder, which is the factory's")
    .option('--protocol <protocol>', 'what the agent speaks: HTTP, MCP, A2A or AGUI', 'HTTP')
    .option('--entry-point <file>', 'the file that starts the agent, relative to the folder; of Python also "opentelemetry-instrument FILE"')
    .addOption(new Option('--env <K=V>', 'environment variable of the agent; repeatable').argParser(collect).default([], 'none'))
    .option('--env-file <file>', 'file of K=V lines for the agent; --env wins')
    .addOption(
      new Option('--memory <name>', 'a memory that the agent reads and writes, without any change of its code; repeatable')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--cpu <number>', 'processors of each instance; this and the next four are also read from "resources" in agentworks.json', number)
    .option('--memory-mb <number>', 'memory of each instance in MiB', number)
    .option('--min <instances>', 'so many started instances wait for new sessions', number)
    .option('--max <instances>', 'no more instances than these; over it a new session is refused', number)
    .option('--target-utilisation <percent>', 'so many instances wait that no more than this share of all is in sessions', number)
    .option('--authorizer-config <json>', 'callers carry tokens in place of signatures: {"customJWTAuthorizer": {…}}, as AWS has it')
    .option('--request-header-allowlist <names>', 'headers of callers that the agent gets, with commas between')
    .action(on<[string, DeployOptions]>(async (invoked, [dir, options]) => (await import('./commands/deploy.js')).deploy(invoked, dir, options)))

  add(root, 'invoke', 'ask an agent once; prints streamed pieces as they come', [
    'agentworks invoke GreeterBot "Hello!"',
    `agentworks invoke my_agent --payload '{"prompt": "Hello!", "verbose": true}' --json`,
    'agentworks invoke my_agent "Hello!" --bearer-token-file token.txt',
    `agentworks invoke my_mcp_server --payload '{"method": "tools/list"}'`,
  ])
    .argument('<name-or-arn>', 'name, id or ARN of the runtime')
    .argument('[prompt]', 'sent as {"prompt": PROMPT}; to an A2A agent as a message, to an AG-UI agent as a run')
    .option('--payload <json>', 'sent as it is, instead of a prompt; JSON-RPC gets its version and id when they are left out')
    .option('--session <id>', 'runtime session id, 33 to 256 characters; a new session when absent')
    .option('--qualifier <endpoint>', 'name of the endpoint', 'DEFAULT')
    .option('--bearer-token-file <file>', 'file with the token for a runtime that has a JWT authorizer; - for standard input')
    .action(
      on<[string, string | undefined, InvokeFlags]>(async (invoked, [name, prompt, options]) =>
        (await import('./commands/invoke.js')).invoke(invoked, { ...options, name, prompt }),
      ),
    )

  add(root, 'chat', 'talk to an agent, by default to the builder; /exit ends', ['agentworks chat', 'echo "list my agents" | agentworks chat builder'])
    .argument('[name]', 'name, id or ARN of the runtime', 'builder')
    .option('--session <id>', 'go on with an earlier session')
    .action(
      on<[string, { session?: string }]>(async (invoked, [name, options]) =>
        (await import('./commands/chat.js')).chat(invoked, { ...options, name }),
      ),
    )

  const agents = noun(root, 'agents', 'what is deployed')
  add(agents, 'list', 'all agents with protocol, version and status', ['agentworks agents list --json']).action(
    on(async (invoked) => (await import('./commands/agents.js')).listAgents(invoked)),
  )
  add(agents, 'get', 'one agent in full, with its live sessions and what each last said to /ping', ['agentworks agents get GreeterBot'])
    .argument('<name>', 'name, id or ARN')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/agents.js')).getAgent(invoked, name)))
  add(agents, 'delete', 'delete an agent and all its versions', ['agentworks agents delete GreeterBot'])
    .argument('<name>', 'name, id or ARN')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/agents.js')).deleteAgent(invoked, name)))

  const sessions = noun(root, 'sessions', 'what runs')
  add(sessions, 'list', 'running sessions with state and isolation', ['agentworks sessions list']).action(
    on(async (invoked) => (await import('./commands/sessions.js')).listSessions(invoked)),
  )
  add(sessions, 'stop', 'stop a session', ['agentworks sessions stop ID'])
    .argument('<id>', 'runtime session id')
    .option('--agent <name>', 'the agent, when several have a session of this id')
    .action(
      on<[string, { agent?: string }]>(async (invoked, [id, options]) => (await import('./commands/sessions.js')).stopSession(invoked, id, options)),
    )

  add(sessions, 'exec', 'run a command with bash beside the agent of a session; ends with its exit code', [
    'agentworks sessions exec ID -- ls -la',
    "agentworks sessions exec ID -- 'env | sort'",
    'agentworks sessions exec ID --agent GreeterBot --timeout 3600 -- ./long-work.sh',
  ])
    .argument('<id>', 'runtime session id')
    .argument('<command...>', 'one word is a line for bash; several are a program and its arguments')
    .option('--agent <name>', 'the agent; its session is started when it does not run')
    .option('--timeout <seconds>', 'from 1 to 3600', count, 300)
    .action(
      on<[string, string[], { agent?: string; timeout: number }]>(async (invoked, [id, words, options]) =>
        (await import('./commands/exec.js')).exec(invoked, { id, words, ...options }),
      ),
    )

  add(sessions, 'shell', 'a terminal with bash beside the agent of a session; ends with its exit code', [
    'agentworks sessions shell ID',
    'agentworks sessions shell ID --agent GreeterBot',
    "echo 'ls -la' | agentworks sessions shell ID",
  ])
    .argument('<id>', 'runtime session id')
    .option('--agent <name>', 'the agent; its session is started when it does not run')
    .option('--shell <name>', 'its name: a shell of this name that runs is taken over (default: a new one)')
    .action(
      on<[string, { agent?: string; shell?: string }]>(async (invoked, [id, options]) =>
        (await import('./commands/shell.js')).shell(invoked, { id, ...options }),
      ),
    )

  add(root, 'logs', "an agent's output", ['agentworks logs GreeterBot', 'agentworks logs GreeterBot --follow'])
    .argument('<name>', 'name, id or ARN of the runtime')
    .option('--follow', 'go on printing lines as they come')
    .option('--session <id>', 'only the lines of one session')
    .option('--tail <lines>', 'how many of the latest lines', count, 200)
    .action(on<[string, LogFlags]>(async (invoked, [name, options]) => (await import('./commands/logs.js')).logs(invoked, { ...options, name })))

  add(root, 'audit', 'who did what to which resource, and how it ended; never what was in it', [
    'agentworks audit --since 1h',
    'agentworks audit --action InvokeAgentRuntime --outcome refused',
    'agentworks audit --follow',
  ])
    .option('--follow', 'go on printing as calls are answered')
    .option('--action <action>', 'as InvokeAgentRuntime or bedrock-agentcore:Get*; * is any run of characters')
    .option('--principal <arn>', 'who called: an ARN, or with * a part of one')
    .option('--outcome <outcome>', 'allowed, refused (whatever the error), or the name of an error')
    .option('--since <time>', 'so long ago (30s, 15m, 2h, 7d), or a time such as 2026-01-31T12:00:00Z')
    .option('--limit <events>', 'how many of the latest', count, 200)
    .action(on<[AuditOptions]>(async (invoked, [options]) => (await import('./commands/audit.js')).audit(invoked, options)))

  callerCommands(root, on)
  identityCommands(root, on)
  memoryCommands(root, on)

  add(root, 'doctor', 'which guarantees hold on this host, each tested, and what mends the rest; exits 0 although something is missing', [
    'agentworks doctor',
    'agentworks doctor --json',
  ]).action(on(async (invoked) => (await import('./commands/doctor.js')).doctor(invoked)))

  add(root, 'demo', 'the main job on a throw-away data folder and a free port, on the offline model', ['agentworks demo']).action(
    on(async (invoked) => (await import('./commands/demo.js')).demo(invoked)),
  )
  return root
}

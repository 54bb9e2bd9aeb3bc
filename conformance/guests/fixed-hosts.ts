// An agent whose clients are told no endpoint: they dial AWS's own hosts by TLS, as they would on AWS.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { BedrockAgentCoreControlClient, ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

const endpoint = process.env.AWS_ENDPOINT_URL
for (const name of Object.keys(process.env)) if (name.startsWith('AWS_ENDPOINT_URL')) delete process.env[name]

interface Wish {
  do: string
  host?: string
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

const statusOf = `fetch(process.argv[1]).then((answer) => console.log(answer.status), (fault) => console.log(String(fault.cause ?? fault)))`

const deeds: Record<string, (wish: Wish) => unknown> = {
  whoami: async ({ credentials }) => (await new STSClient({ region: 'eu-west-1', credentials }).send(new GetCallerIdentityCommand())).Arn,
  converse: async () => {
    const models = new BedrockRuntimeClient()
    const { output } = await models.send(new ConverseCommand({ modelId: 'any.model', messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }))
    return output?.message?.content?.[0]?.text
  },
  listAgents: () => new BedrockAgentCoreControlClient().send(new ListAgentRuntimesCommand()),
  status: async ({ host }) => (await fetch(`https://${host}/`)).status,
  statusInChild: async ({ host }) => (await promisify(execFile)(process.execPath, ['-e', statusOf, `https://${host}/`])).stdout.trim(),
  told: () => endpoint,
}

createServer(async (request, response) => {
  const answer = (value: unknown) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.method === 'GET') return answer({ status: 'Healthy' })
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const wish = JSON.parse(Buffer.concat(pieces).toString()) as Wish
  try {
    answer({ value: await deeds[wish.do]?.(wish) })
  } catch (error) {
    const { name, message, cause } = error as Error
    answer({ failed: { name, message, cause: String(cause ?? '') } })
  }
}).listen(8080)

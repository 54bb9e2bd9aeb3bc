// An agent with the stock SDK in it, as a user would write it: it configures no client, and does what it is asked to.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { BedrockAgentCoreControlClient, ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

interface Wish {
  do: string
  path?: string
  host?: string
  port?: number
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

const deeds: Record<string, (wish: Wish) => unknown> = {
  whoami: async ({ credentials }) => {
    const { Account, Arn, UserId } = await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}))
    return { Account, Arn, UserId }
  },
  converse: async () => {
    const models = new BedrockRuntimeClient()
    const { output } = await models.send(new ConverseCommand({ modelId: 'any.model', messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }))
    return output?.message?.content?.[0]?.text
  },
  listAgents: () => new BedrockAgentCoreControlClient().send(new ListAgentRuntimesCommand({})),
  store: () => new S3Client({ forcePathStyle: true }).send(new PutObjectCommand({ Bucket: 'conformance-agents', Key: 'x', Body: 'x' })),
  credentials: async () => {
    const headers = { authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN ?? '' }
    return (await fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers })).json()
  },
  credentialsWithoutToken: async () => (await fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '')).status,
  adminRoute: async () => (await fetch(`${process.env.AWS_ENDPOINT_URL}/_agentworks/sessions`)).status,
  environment: () => process.env,
  read: ({ path = '' }) => readFileSync(path, 'utf8'),
  write: ({ path = '' }) => writeFileSync(path, 'written'),
  list: ({ path = '' }) => readdirSync(path),
  processes: () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  reach: ({ host = '', port = 0 }) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: 2000 })
      socket.once('connect', () => resolve('connected'))
      socket.once('timeout', () => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
      socket.once('error', reject)
    }),
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
    const { name, message, code } = error as Error & { code?: string }
    answer({ failed: { name, message, code } })
  }
}).listen(8080)

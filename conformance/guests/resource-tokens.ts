// Keys and tokens inside a session by the stock client, which is told nothing: endpoint, Region and credentials come from the session.
import { createServer } from 'node:http'
import { BedrockAgentCoreClient, GetResourceApiKeyCommand, GetResourceOauth2TokenCommand } from '@aws-sdk/client-bedrock-agentcore'

const client = new BedrockAgentCoreClient()

async function answer(workloadIdentityToken: string) {
  const key = { resourceCredentialProviderName: 'weather' }
  const { apiKey } = await client.send(new GetResourceApiKeyCommand({ workloadIdentityToken, ...key }))
  const machine = { resourceCredentialProviderName: 'idp', scopes: ['read'], oauth2Flow: 'M2M' as const }
  const { accessToken } = await client.send(new GetResourceOauth2TokenCommand({ workloadIdentityToken, ...machine }))
  const refused = await client.send(new GetResourceApiKeyCommand({ workloadIdentityToken: 'made-up', ...key })).catch((error: Error) => error)
  return { apiKey, accessToken, madeUp: refused instanceof Error ? refused.name : 'taken' }
}

createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  answer(String(request.headers.workloadaccesstoken)).then(
    (found) => response.end(JSON.stringify(found)),
    (error: Error) => response.end(JSON.stringify({ failed: `${error.name}: ${error.message}` })),
  )
}).listen(8080)

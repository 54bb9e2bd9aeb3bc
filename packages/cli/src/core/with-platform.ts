import { type PlatformClients, platformClients } from '@agentworks/factory'
import { platformAccess } from './connection.js'
import type { Invoked } from './invoked.js'

/** In place of signatures where agents are invoked: for runtimes that have a JWT authorizer. */
export interface Bearer {
  bearerToken?: string | undefined
}

/** Runs the work with clients of the platform that the command means, and closes them, so that the command ends at once. */
export async function withPlatform<Result>(
  invoked: Invoked,
  work: (clients: PlatformClients) => Promise<Result>,
  { bearerToken }: Bearer = {},
): Promise<Result> {
  const access = await platformAccess(invoked)
  const clients = platformClients(access)
  const data = bearerToken === undefined ? undefined : await bearingClient(access, bearerToken)
  try {
    return await work({ ...clients, ...(data && { data }) })
  } finally {
    clients.destroy()
    data?.destroy()
  }
}

async function bearingClient({ endpoint, region }: { endpoint: string; region: string }, token: string) {
  const [{ BedrockAgentCoreClient }, { bearing }] = await Promise.all([import('@aws-sdk/client-bedrock-agentcore'), import('@agentworks/sdk/client')])
  return new BedrockAgentCoreClient({ endpoint, region, ...bearing(() => token) })
}

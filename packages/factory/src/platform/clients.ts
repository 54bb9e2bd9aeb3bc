// The stock AWS clients, pointed at one platform. Everything in this package reaches the platform through them.
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'

/** Where a platform answers and who calls it. */
export interface PlatformAccess {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

export interface PlatformClients {
  control: BedrockAgentCoreControlClient
  data: BedrockAgentCoreClient
  objects: S3Client
  identity: STSClient
  /** Closes the connections, so that a command ends at once. */
  destroy(): void
}

export function platformClients(access: PlatformAccess): PlatformClients {
  const { endpoint, region, credentials } = access
  const control = new BedrockAgentCoreControlClient({ endpoint, region, credentials })
  const data = new BedrockAgentCoreClient({ endpoint, region, credentials })
  const objects = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const identity = new STSClient({ endpoint, region, credentials })
  return {
    control,
    data,
    objects,
    identity,
    destroy() {
      control.destroy()
      data.destroy()
      objects.destroy()
      identity.destroy()
    },
  }
}

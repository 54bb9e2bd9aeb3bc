// env: what a client needs to reach the platform, for a shell, a program or a file.
import { platformAccess } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { writeEnvFile } from './env-file.js'

export interface EnvOptions {
  services?: boolean
  write?: string | true
}

export async function env(invoked: Invoked, { services = false, write }: EnvOptions): Promise<void> {
  const { out, world } = invoked
  const { endpoint, region, credentials } = await platformAccess(invoked)
  const variables: Record<string, string> = {
    ...(services ? {} : { AWS_ENDPOINT_URL: endpoint }),
    ...Object.fromEntries(endpointVariables.map((name) => [name, endpoint])),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
  }
  if (write) {
    const written = await writeEnvFile(write === true ? '.env' : write, variables, world.cwd)
    out.document({ written: written.path, variables: Object.keys(variables) })
    out.line(
      `wrote ${Object.keys(variables).length} variables to ${written.path} (mode 0600)${written.ignored ? `, and added it to ${written.ignored}` : ''}`,
    )
    return
  }
  out.document(variables)
  for (const [name, value] of Object.entries(variables)) out.line(`export ${name}=${shellQuoted(value)}`)
}

/** Which client reads which: docs/guide/clients.md. The names without AWS_ are of the AgentCore SDKs, which hand them to boto3 as they are. */
const endpointVariables = [
  'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE',
  'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL',
  'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_STS',
  'BEDROCK_AGENTCORE_DP_ENDPOINT',
  'BEDROCK_AGENTCORE_CP_ENDPOINT',
  'BEDROCK_AGENTCORE_CONTROL_ENDPOINT',
  'BEDROCK_AGENTCORE_DATA_PLANE_ENDPOINT',
]

function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

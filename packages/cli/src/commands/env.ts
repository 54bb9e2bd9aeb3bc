// env: what a client needs to reach the platform, for a shell, a program or a file.
import { platformAccess } from '#core/connection.js'
import { runningPlatform, type TlsPort } from '#core/data-folder.js'
import { Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { writeEnvFile } from './env-file.js'

export interface EnvOptions {
  services?: boolean
  tls?: boolean
  write?: string | true
}

export async function env(invoked: Invoked, { services = false, tls: byTls = false, write }: EnvOptions): Promise<void> {
  const { out, world } = invoked
  const access = await platformAccess(invoked)
  const { region, credentials } = access
  const tls = byTls ? await tlsPort(invoked) : undefined
  const endpoint = tls?.url ?? access.endpoint
  const variables: Record<string, string> = {
    ...(services ? {} : { AWS_ENDPOINT_URL: endpoint }),
    ...Object.fromEntries(endpointVariables.map((name) => [name, endpoint])),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
    ...(tls?.authority ? trustVariables(tls.authority) : {}),
  }
  if (write) {
    const written = await writeEnvFile(write === true ? '.env' : write, variables, world.cwd)
    out.document({ written: written.path, variables: Object.keys(variables) })
    out.line(
      `wrote ${Object.keys(variables).length} variables to ${written.path} (mode 0600)${written.ignored ? `, and added it to ${written.ignored}` : ''}`,
    )
    return
  }
  out.document({ ...variables, ...(tls ? { AGENTWORKS_HOSTS: hostsLine(tls) } : {}) })
  for (const [name, value] of Object.entries(variables)) out.line(`export ${name}=${shellQuoted(value)}`)
  if (!tls) return
  out.line(`# For clients with AWS's hosts fixed in them, put this line into the hosts file of the machine or container that they run on:`)
  out.line(`# ${hostsLine(tls)}`)
  if (new URL(tls.url).port !== '') out.line(`# They look at port 443: agentworks start --tls-port 443`)
}

async function tlsPort(invoked: Invoked): Promise<TlsPort> {
  const tls = (await runningPlatform(invoked.dataDir))?.tls
  if (!tls) throw new Failure('the platform has no TLS port', { why: 'it was started without one', fix: 'agentworks start --tls' })
  return tls
}

/** Python's clients and OpenSSL take one file in place of their own authorities; Node adds one to its own. */
function trustVariables({ path, bundlePath }: { path: string; bundlePath: string }): Record<string, string> {
  return { AWS_CA_BUNDLE: bundlePath, REQUESTS_CA_BUNDLE: bundlePath, SSL_CERT_FILE: bundlePath, NODE_EXTRA_CA_CERTS: path }
}

function hostsLine({ url, hosts }: TlsPort): string {
  const { hostname } = new URL(url)
  const address = ['localhost', '0.0.0.0'].includes(hostname) ? '127.0.0.1' : hostname.replace(/^\[(.*)\]$/, '$1')
  return `${address === '::' ? '::1' : address} ${hosts.join(' ')}`
}

/** Which client reads which: docs/guide/clients.md. The names without AWS_ are of the AgentCore SDKs, which hand them to boto3 as they are. */
const endpointVariables = [
  'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE',
  'AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL',
  'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  'AWS_ENDPOINT_URL_STS',
  'BEDROCK_AGENTCORE_DP_ENDPOINT',
  'BEDROCK_AGENTCORE_CP_ENDPOINT',
  'BEDROCK_AGENTCORE_CONTROL_ENDPOINT',
  'BEDROCK_AGENTCORE_DATA_PLANE_ENDPOINT',
]

function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

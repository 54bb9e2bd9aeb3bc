// Which platform a command means, and with which keys. The one that runs on the data folder comes first; without one, the
// environment's AWS_ENDPOINT_URL with its keys. Keys from the environment are used on the data folder's platform only when
// AWS_ENDPOINT_URL names just that platform: somebody's real AWS keys must not go anywhere by accident.
import type { PlatformAccess } from '@agentworks/factory'
import { accessKey, adminToken, runningPlatform } from './data-folder.js'
import { Failure } from './failure.js'
import type { Environment, Invoked } from './invoked.js'

const defaultRegion = 'us-east-1'

export async function platformAccess({ dataDir, dataDirNamed, world: { env } }: Invoked): Promise<PlatformAccess> {
  const running = await runningPlatform(dataDir)
  const named = environmentAccess(env)
  if (running) {
    if (named && sameOrigin(named.endpoint, running.url)) return named
    // Not the shell's AWS_REGION, which may be meant for AWS itself: the platform's own Region is where its builder lives.
    return { endpoint: running.url, region: running.region ?? (env.AGENTWORKS_REGION || defaultRegion), credentials: await accessKey(dataDir) }
  }
  if (named && !dataDirNamed) return named
  throw notRunning(dataDir)
}

/** Calls the platform's own side, which only the owner of the data folder may: sessions, logs, doctor. */
export async function adminFetch(
  invoked: Invoked,
  path: string,
  init: { method?: string; body?: object; signal?: AbortSignal; fix?: string } = {},
): Promise<Response> {
  const running = await runningPlatform(invoked.dataDir)
  if (!running) throw notRunning(invoked.dataDir)
  const response = await fetch(`${running.url}/_agentworks/${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${await adminToken(invoked.dataDir)}` },
    ...(init.body && { body: JSON.stringify(init.body) }),
    signal: init.signal ?? AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Failure(await refusal(response), { fix: init.fix })
  return response
}

function notRunning(dataDir: string): Failure {
  return new Failure('no platform runs', { why: `nothing holds the data folder ${dataDir}`, fix: 'agentworks start   (in another terminal)' })
}

function environmentAccess(env: Environment): PlatformAccess | undefined {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env
  if (!endpoint || !accessKeyId || !secretAccessKey) return undefined
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || defaultRegion
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
}

function sameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).origin === new URL(other).origin
}

async function refusal(response: Response): Promise<string> {
  const body = await response.text()
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') return parsed.message
  } catch {
    // no JSON: the text itself says it
  }
  return body || `the platform answered ${response.status}`
}
